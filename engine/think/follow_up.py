"""What a short follow-up is about ("how big is it?", "and how often?"): what was talked of before, or the home."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.think.ask import Ask
from engine.think.lexicon import Match
from engine.think.topics import ANSWERS, DEFAULTS, TOPICS, Topic
from engine.think.words import light, tokens

if TYPE_CHECKING:
    from engine.think.reader import Reader

SMALL = {"of", "the", "in", "to", "is", "it", "for", "and", "a", "on", "by", "how", "what", "der", "die", "de", "la"}
SMALL |= {"out"}
_ALL_OF = {"how old is it", "how big is it", "where is it"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What was talked about last."""

    topic: str = ""
    keys: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    text: str = ""
    type: str = ""

    @classmethod
    def of(cls, ask: Ask) -> Subject:
        return cls(ask.name if ask.name in TOPICS else "", ask.keys, ask.rooms, ask.words, ask.text, ask.type)


def points_back(clause: str, matches: list[Match], rest: list[str]) -> bool:
    words = tokens(clause)
    return not rest and len(matches) == 1 and " ".join(words) in _ALL_OF


_MONEY = re.compile(r"[$€£]\s?\d|\d\s?(k|mio|[$€£]|usd|eur|euros?|dollars?|pounds?|million|mil|grand)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(it|they|them|that|es|sie|er|ella|ello|eso)\b", re.IGNORECASE)


def named_again(reader: Reader, clause: str, previous: Subject) -> str:
    """The clause with the name of what "it" stands for; empty when that is not known."""
    if previous.topic and not is_part(previous.topic) and reader.words.type_of(reader.stems(clause)) == "yesno":
        return ""
    labels = [reader.record.label(key) for key in previous.keys] + [
        reader.record.rooms[key].name for key in previous.rooms if key in reader.record.rooms
    ]
    label = next((label for label in labels if label), "")
    return _PRONOUN.sub(label, clause, count=1) if label and _PRONOUN.search(clause) else ""


_SAME_ROOM = re.compile(
    r"\b(?:this|that|the same) (?:room|space|one)\b|\b(?:dieses|das) zimmer\b|\b(?:dieser|der) raum\b"
    r"|\b(?:esta|esa|la) (?:habitaci[oó]n|estancia|sala)\b",
    re.IGNORECASE,
)


_IT = {"en": "it", "de": "es", "es": "ella"}


def same_room(text: str, language: str) -> str:
    """After a room was talked of, "how big is this room?" is "how big is it?"."""
    return _SAME_ROOM.sub(_IT[language], text)


def is_part(topic: str) -> bool:
    """A part of the home, that may have an age or a size of its own."""
    return bool(topic) and TOPICS[topic].kind == "list"


def follow_up(reader: Reader, base: Ask, stems: list[str], previous: Subject | None) -> list[Ask]:
    """Only a question word and "it": about what was talked of, else about the home as a whole."""
    if previous and base.type != "any":
        if previous.rooms:
            return [replace(base, kind="room", rooms=previous.rooms, words=previous.words)]
        topic = TOPICS.get(previous.topic)
        if topic and base.type in ANSWERS[topic.kind]:
            return [fact_ask(reader, base, topic)]
        if topic and is_part(topic.name) and base.type not in ("amount", "where"):
            return [replace(base, words=previous.words, name=topic.name, text=f"{previous.text} {base.text}")]
        if not topic and previous.words and base.type not in DEFAULTS:
            return [replace(base, words=previous.words, text=f"{previous.text} {base.text}")]
    names = DEFAULTS.get(base.type) or (("list_price",) if _MONEY.search(base.text) else ())
    if names:
        asks = [fact_ask(reader, base, TOPICS[name]) for name in names]
        return [next((ask for ask in asks if ask.keys), asks[0])]
    if len(stems) > (5 if base.type in ("what", "how", "yesno") else 3) and base.type != "any":
        small = SMALL | {light(word, reader.language) for word in reader.words.detect}
        words = [reader.words.root(stem) for stem in stems if stem not in small]
        return [replace(base, words=tuple(dict.fromkeys(words)))]
    return [Ask("talk", base.text, "unclear")]


def fact_ask(reader: Reader, base: Ask, topic: Topic) -> Ask:
    return replace(base, kind="fact", name=topic.name, keys=tuple(reader.record.keys_of(topic)))
