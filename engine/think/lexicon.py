"""The words of one language: topics, rooms, question types, and what carries no meaning of its own."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from engine.think.words import deep, is_slip, light, tokens

LANGUAGES = ("en", "es", "de")
_FOLDER = Path(__file__).parent / "lexicon"

MatchKind = Literal["topic", "room", "type", "open", "fact"]


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens start to end (not included) of a clause mean `name`."""

    kind: MatchKind
    name: str
    start: int
    end: int


Stems = tuple[str, ...]


class Phrases:
    """Phrases by their first word; the longest that fits wins."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._by_first: dict[str, list[tuple[Stems, MatchKind, str]]] = {}

    def add(self, kind: MatchKind, name: str, phrases: Iterable[str]) -> None:
        for phrase in phrases:
            stems = tuple(light(token, self.language) for token in tokens(phrase))
            if stems:
                self._by_first.setdefault(stems[0], []).append((stems, kind, name))

    def words(self) -> set[str]:
        return {stem for group in self._by_first.values() for stems, _, _ in group for stem in stems}

    def find(self, stems: list[str]) -> list[Match]:
        """All matches, none inside a longer one; a room may lie beside a topic of the same words."""
        found = [
            Match(kind, name, start, start + len(phrase))
            for start, stem in enumerate(stems)
            for phrase, kind, name in self._by_first.get(stem, ())
            if tuple(stems[start : start + len(phrase)]) == phrase
        ]
        found.sort(key=lambda match: (match.start - match.end, -match.start))
        kept: list[Match] = []
        for match in found:
            if not any(_hides(other, match) for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: (match.start, match.end))


def _hides(longer: Match, match: Match) -> bool:
    if longer.start >= match.end or match.start >= longer.end:
        return False
    same_words = (longer.start, longer.end) == (match.start, match.end)
    return not same_words or longer.kind == match.kind


_STRONG = "count often amount size age duration distance height quality when where who why kind level brand which"
_WEAK = "what how yesno"


class Lexicon:
    def __init__(self, language: str) -> None:
        data = _read(f"{language}.json")
        self.language = language
        self.detect = set(tokens(data["detect"]))
        self.topics = Phrases(language)
        for name, phrases in data["topics"].items():
            self.topics.add("topic", name, phrases.split(","))
        self.topics.add("open", "", data["open"].split(","))
        self.rooms = Phrases(language)
        for name, phrases in data["rooms"].items():
            self.rooms.add("room", name, phrases.split(","))
        self.types = Phrases(language)
        for name, phrases in data["types"].items():
            self.types.add("type", name, phrases.split(","))
        self.neutral = {light(token, language) for token in tokens(data["neutral"])}
        self.typing = self.topics.words() | self.rooms.words()
        self.known = self.typing | self.types.words() | self.neutral | self.detect
        real = tokens(data["real"])
        self.known |= {light(token, language) for token in real}
        self.concepts = _concepts(data["concepts"], language)
        self.groups = _groups(data["concepts"], self.concepts, language) | _groups_of(data["covers"], language)
        self.synonyms = _concepts(data["synonyms"], language)
        self.covers = _covers(data["covers"], language)
        self.origin = {self.root(token) for token in tokens(data["origin"])}
        self.slips: dict[str, str] = data["slips"]
        self.frames = [(re.compile(rf"\b(?:{said})\b", re.IGNORECASE), meant) for said, meant in data["frames"].items()]
        self.narrowing = {light(token, language) for token in tokens(data["narrowing"])}
        self.real = {self.root(token) for token in real}
        self.talk: dict[str, Any] = {
            name: re.compile("|".join(value) if isinstance(value, list) else value)
            for name, value in _read(f"{language}.talk.json").items()
        }
        self.say = _read(f"{language}.say.json")

    def stems(self, words: Iterable[str], also_known: frozenset[str] = frozenset()) -> list[str]:
        return [self._correct(light(word, self.language), also_known) for word in words]

    def mend(self, text: str) -> str:
        """Without the slips of the finger that no rule tells, and with turns of speech as the entries have them."""
        text = re.sub(r"[^\W\d_]+", lambda word: self.slips.get(word[0].lower(), word[0]), text)
        for said, meant in self.frames:
            text = said.sub(meant, text)
        return text

    def type_of(self, stems: list[str]) -> str:
        """The type of a question: what narrows it most, else what it opens with, else "any"."""
        found = [match.name for match in self.types.find(stems)]
        strong = next((name for name in found if name in _STRONG.split()), "")
        return strong or next((name for name in found if name in _WEAK.split()), "any")

    def root(self, word: str) -> str:
        root = deep(word, self.language)
        return self.concepts.get(root, root)

    def others(self, root: str, word: str) -> list[str]:
        """Other words for the same, as they are written."""
        return [one for one in self.groups.get(root, ()) if one != word]

    def exact(self, word: str) -> str:
        """The root of a thing's name, one for all its names but none for its kin."""
        root = deep(word, self.language)
        return self.synonyms.get(root, root)

    def says(self, pattern: str, text: str) -> bool:
        return bool(self.talk[pattern].search(text))

    def _correct(self, stem: str, also_known: frozenset[str]) -> str:
        if len(stem) < 4 or stem in self.known or stem in also_known or stem[0].isdigit():
            return stem
        return _correction(self.language, stem) or stem


@cache
def lexicon(language: str) -> Lexicon:
    return Lexicon(language)


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return data


def _concepts(groups: str, language: str) -> dict[str, str]:
    """Root of each word of a group to the root of its first word."""
    concepts: dict[str, str] = {}
    for group in groups.split(";"):
        words = [deep(token, language) for token in tokens(group)]
        concepts |= {word: concepts.get(word, words[0]) for word in words}
    return concepts


def _groups(text: str, concepts: dict[str, str], language: str) -> dict[str, tuple[str, ...]]:
    """Root of a concept to its words, one for each root."""
    groups: dict[str, tuple[str, ...]] = {}
    for group in text.split(";"):
        by_root = {deep(word, language): word for word in reversed(group.split())}
        root = concepts.get(next(iter(by_root), ""), "")
        groups[root] = (*groups.get(root, ()), *reversed(by_root.values()))
    return groups


def _groups_of(text: str, language: str) -> dict[str, tuple[str, ...]]:
    parts = [group.partition(":") for group in text.split(";")]
    return {deep(word, language): tuple(special.split()) for names, _, special in parts for word in names.split()}


def _covers(groups: str, language: str) -> dict[str, tuple[str, ...]]:
    """Root of a general word to the roots of what it stands for ("utilities": electricity, gas)."""
    covers: dict[str, tuple[str, ...]] = {}
    for group in groups.split(";"):
        general, _, special = group.partition(":")
        roots = tuple(deep(token, language) for token in tokens(special))
        covers |= {deep(token, language): roots for token in tokens(general)}
    return covers


def _correction(language: str, stem: str) -> str | None:
    meant = [word for word in lexicon(language).typing if is_slip(stem, word)]
    return min(meant, default=None)


def detect_language(text: str, preferred: str) -> str:
    """The language with the most of its small words in the text; a tie goes to the preferred one."""
    words = tokens(text)
    scores = {name: sum(word in lexicon(name).detect for word in words) for name in LANGUAGES}
    best = max(scores.values())
    if scores.get(preferred) == best:
        return preferred
    return next(name for name in LANGUAGES if scores[name] == best)
