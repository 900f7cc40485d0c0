"""A message in sentences, and a sentence in the clauses that ask for something of their own."""

import re
from collections.abc import Callable
from itertools import islice

from engine.think.words import tokens

MOST_JOINTS = 24  # nobody asks more at once, and each is weighed against the whole sentence
_SENTENCE = re.compile(r"[?!;\n¿¡…]+|\.(?=\s|$)(?<!\bno\.)(?<!\bsq\.)(?<!\bft\.)|\s[-–—]\s")
_JOINT = re.compile(
    r"\s*(?:,\s*(?:and|und|y|plus|also|as well as|or)\b|,|&|/(?=\s)|\b(?:and|und|y|e|plus|as well as|sowie|ademas de|or"
    r"|then|so|but|aber|pero)\b)\s*",
    re.IGNORECASE,
)


_HEAD = re.compile(r"^(\W*\w+) [-–—] (?=\w+ or )")  # "floors - wood or carpet?"


def sentences(text: str) -> list[str]:
    text = _HEAD.sub(r"\1 ", text)
    return [part.strip() for part in _SENTENCE.split(text) if part.strip(" \t,.:-–—\"'")]


def clauses(sentence: str, covers: Callable[[str, int], bool], stands_alone: Callable[[str], bool]) -> list[str]:
    """Split at each joint where both sides ask for something by themselves.

    `covers(sentence, n)` tells whether one phrase holds tokens before and from n on ("washer and dryer").
    """
    parts: list[str] = []
    start = 0
    for joint in islice(_JOINT.finditer(sentence), MOST_JOINTS):
        left, right = sentence[start : joint.start()], sentence[joint.end() :]
        if not left.strip() or not right.strip() or covers(sentence, len(tokens(sentence[: joint.start()]))):
            continue
        if stands_alone(left) and stands_alone(_head(right)):
            parts.append(left)
            start = joint.end()
    return [*parts, sentence[start:]]


def _head(right: str) -> str:
    """Up to the next comma: what the right side asks first."""
    return re.split(r"[,;]", right, maxsplit=1)[0] or right
