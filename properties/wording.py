"""The wording check: what may not stand in a public text, and what should be said another way.

Only what a pattern can see. A person may keep a warned wording by accepting the warning when publishing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .validation.finding import Finding

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
# Seven digits or more that are written like a phone number; a price or an area has other separators.
PHONE = re.compile(r"(?<![\w.,$€£])(\+\d{1,3}[ .-]?)?(\(\d{2,4}\)|\d{3,4})[ .-]\d{3}[ .-]?\d{3,4}(?![\w,])")
ACCESS = re.compile(r"\b(lock ?box|gate code|alarm code|door code|key ?safe)\b", re.IGNORECASE)


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    path = Path(__file__).parent / "wording.json"
    rules = json.loads(path.read_text(encoding="utf-8"))
    return [
        (re.compile(rf"\b(?:{rule['pattern']})\b", re.IGNORECASE), rule["instead"])
        for language in rules.values()
        for rule in language
    ]


def findings(field: str, text: str) -> Iterator[Finding]:
    if EMAIL.search(text) or PHONE.search(text):
        yield Finding(field, "contact", "Take out the phone number or e-mail: visitors reach you by the form.")
    if ACCESS.search(text):
        yield Finding(field, "access", "Take out how to get in: it belongs in the private record.")
    for pattern, instead in _rules():
        found = pattern.search(text)
        if found:
            yield Finding(field, "fair_housing", f"“{found[0]}” speaks of people. {instead}", True)
