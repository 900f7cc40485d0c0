"""Cut a stream of text into sentences as early as can be, so that the first is spoken while the next is thought."""

from __future__ import annotations

import re

LONGEST = 240  # characters; a longer sentence is cut where one breathes

# A full stop after these never ends a sentence.
OPENERS = {
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "st",
    "mt",
    "vs",
    "e.g",
    "i.e",
    "z.b",
    "d.h",
    "u.a",
    "inkl",
    "zzgl",
    "bzw",
    "sr",
    "sra",
    "hr",
    "fr",
    "av",
    "avda",
}
# After these it ends none where a number follows: "No. 5", but "Is there a pool? No. There is …".
NUMBERED = {"no", "nos", "nr", "art", "fig", "approx", "est", "min", "max", "ca", "núm", "pág", "bd"}
# After these it does where a capital follows: "at 9 a.m. We …" but "900 sq. ft. of space".
CLOSERS = {
    "a.m",
    "p.m",
    "etc",
    "ft",
    "sq",
    "sq.ft",
    "in",
    "lb",
    "yd",
    "mi",
    "ave",
    "blvd",
    "rd",
    "ln",
    "ct",
    "apt",
    "bldg",
    "inc",
    "ltd",
    "co",
    "corp",
    "jr",
    "u.s",
    "usw",
    "str",
    "qm",
    "m2",
}
GERMAN_MONTHS = ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "sept", "okt", "nov", "dez")

_END = re.compile(r"""(?:[.!?…]+["'”’»)\]]*(?=\s)|[。！？]|\n+)""")
_WORD = re.compile(r"[^\s(\[\"'“‘«]+$")
_BREATH = re.compile(r"[,;:–—]\s+")


class Sentences:
    def __init__(self) -> None:
        self._text = ""

    def add(self, text: str) -> list[str]:
        """The sentences now complete. Joined with what comes later they are the text, blank for blank."""
        self._text += text
        done: list[str] = []
        while (end := self._end_of_first()) is not None:
            done.append(self._text[:end])
            self._text = self._text[end:]
        return done

    def rest(self) -> list[str]:
        rest, self._text = self._text, ""
        return [rest] if rest else []

    def _end_of_first(self) -> int | None:
        for found in _END.finditer(self._text):
            end = found.end()
            if not any(letter.isalnum() for letter in self._text[:end]):
                continue
            if end > LONGEST:
                break
            if found.group() in "。！？" or "\n" in found.group():
                return end
            following = self._text[end:].lstrip()
            if not following:
                break  # what comes next decides
            if _ends(self._text[: found.start()], found.group(), following):
                return end
        return self._breath() if len(self._text) > LONGEST else None

    def _breath(self) -> int:
        """Where to cut what grows too long: at the last comma, else between words, else anywhere."""
        head = self._text[:LONGEST]
        pauses = [found.end() for found in _BREATH.finditer(head)]
        if pauses and pauses[-1] > LONGEST // 3:
            return pauses[-1]
        space = head.rstrip().rfind(" ")
        return space + 1 if space > 0 else LONGEST


def _ends(before: str, mark: str, following: str) -> bool:
    """Whether `mark` ends a sentence, seen from the last word before it and what follows it."""
    opened = following.lstrip("\"'“‘«(¿¡[")[:1]
    small = opened.islower()
    if mark[0] != ".":
        return not (mark[0] == "…" and small)
    if mark.startswith(".."):
        return not small
    found = _WORD.search(before)
    word = found.group().lower().rstrip(".") if found else ""
    if word in OPENERS or (len(word) == 1 and word.isalpha() and found and found.group().isupper()):
        return False
    if word in NUMBERED:
        return not opened.isdigit() and not small
    if word in CLOSERS:
        return opened.isupper()
    if word.isdigit() and len(word) <= 2 and _may_be_month(following):
        return False
    return not small


def _may_be_month(following: str) -> bool:
    word = following.lower()
    return word.startswith(GERMAN_MONTHS) or any(month.startswith(word) for month in GERMAN_MONTHS)
