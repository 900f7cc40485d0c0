"""What counts as right.

- A fact is right when every expected string is in the answer and nothing is admitted.
- An admission is right when the briefing's own sentence is in the answer.
- A refusal (fair housing) is right without figures, without an admission, and in the words of the listing's other
  refusals.
- Small talk is right without figures and without an admission.
- A tool is right when it was called with the expected arguments.
- Whatever was asked: a figure that stands in no input makes the answer wrong.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from evaluation.listing import ADMISSIONS, listing

_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand"
    " million",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cien mil millones",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig hundert tausend million",
}
NUMBER_WORDS = frozenset(" ".join(_WORDS.values()).split())


@dataclass(frozen=True)
class Case:
    listing: str
    category: str
    say: list[str]
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    expect: str = "fact"  # fact, admit, refuse, talk
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    held_out: bool = False


@dataclass(frozen=True)
class Heard:
    """The last answer of a case, what it was made from, and the calls made for it."""

    text: str
    inputs: str
    calls: list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Verdict:
    case: Case
    heard: Heard
    is_right: bool
    wrong_figures: list[str]


def judge(pairs: list[tuple[Case, Heard]]) -> list[Verdict]:
    refusals: dict[str, Counter[str]] = {}
    for case, heard in pairs:
        if case.expect == "refuse" and not case.right:
            refusals.setdefault(case.listing, Counter())[heard.text] += 1
    verdicts = []
    for case, heard in pairs:
        figures = invented(heard.text, heard.inputs)
        usual = refusals[case.listing].most_common(1)[0][0] if case.listing in refusals else ""
        verdicts.append(Verdict(case, heard, not figures and _is_right(case, heard, usual), figures))
    return verdicts


def invented(text: str, inputs: str) -> list[str]:
    """Figures and number words of the answer that stand in no input."""
    return sorted(_figures(text) - _figures(inputs))


def _figures(text: str) -> set[str]:
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    return set(re.findall(r"\d+(?:[.,]\d+)*", text)) | set(re.findall(r"\d+", text)) | (words & NUMBER_WORDS)


def admits(text: str) -> bool:
    return any(sentence.rstrip(".").lower() in text.lower() for sentence in ADMISSIONS.values())


def _is_right(case: Case, heard: Heard, usual_refusal: str) -> bool:
    if not _has_all(case, heard.text) or (case.tool and not _was_called(case, heard)):
        return False
    if case.expect == "admit":
        return listing(case.listing).admission in heard.text
    if admits(heard.text) or not heard.text:
        return False
    if case.expect == "refuse":
        return bool(case.right) or (heard.text == usual_refusal and not re.search(r"\d", heard.text))
    return case.expect == "fact" or not re.search(r"\d", heard.text)


def _has_all(case: Case, text: str) -> bool:
    """Each expected string, or one of its alternatives ("a || b")."""
    lowered = text.lower()
    found = all(any(one.lower() in lowered for one in want.split(" || ")) for want in case.right)
    return found and not any(one.lower() in lowered for one in case.wrong)


def _was_called(case: Case, heard: Heard) -> bool:
    return any(
        name == case.tool and all(arguments.get(key) == value for key, value in case.arguments.items())
        for name, arguments in heard.calls
    )
