"""Sentences in the language of the answer. Values are copied, never worded anew."""

import re
from typing import Any

from engine.think.briefing import Fact, Room
from engine.think.findings import Entry
from engine.think.lexicon import lexicon


class Speech:
    def __init__(self, language: str, agency: str) -> None:
        self.words = lexicon(language)
        self.agency = agency or str(self.words.say["agency"])

    def say(self, name: str, **values: str) -> str:
        return self._fill(str(self.words.say[name]), values)

    def talk(self, name: str) -> str:
        talk: dict[str, str] = self.words.say["talk"]
        return self._fill(talk.get(name) or talk["unclear"], {})

    def _fill(self, template: str, values: dict[str, str]) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: {"agency": self.agency, **values}[found[1]], template)

    def fact(self, fact: Fact) -> str:
        templates: dict[str, Any] = self.words.say["facts"]
        template = templates.get(fact.key, "{label}: {value}.")
        if isinstance(template, list):
            # A count that comes with words of its own ("2 full baths and 1 half bath") needs no more of them.
            template = self._counted(template, fact.value.strip())
        elif "{value}" in template and template != "{label}: {value}." and not _is_short(fact.value):
            template = "{label}: {value}."
        label = fact.label if template.startswith("{label}") else _lower(fact.label)
        sentence = _end(self._fill(template, {"label": label, "value": fact.value.rstrip(".")}))
        return _with(sentence, _told(fact.source, fact.as_of))

    def known(self, fact: Fact) -> str:
        """What the listing does say of a matter on which it is silent otherwise."""
        return _with(self.say("known", label=fact.label, value=fact.value.rstrip(".")), fact.as_of)

    def room(self, room: Room) -> str:
        """Where it is and how big."""
        return _with(f"{room.name}: {room.details.rstrip('.')}.", room.as_of)

    @staticmethod
    def _counted(templates: list[str], value: str) -> str:
        return templates[value != "1"] if value.isdigit() and value != "0" else "{label}: {value}."

    def entry(self, entry: Entry) -> str:
        source = _told(entry.source, entry.as_of)
        return f"{_end(entry.answer)} {self.say('source', source=source)}" if source else _end(entry.answer)


def _told(source: str, as_of: str) -> str:
    return ", ".join(part for part in (source.strip().rstrip("."), as_of) if part)


def _with(sentence: str, source: str) -> str:
    return f"{sentence[:-1]} ({source})." if source else sentence


def _end(sentence: str) -> str:
    sentence = sentence.strip()
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _is_short(value: str) -> bool:
    return len(value) < 60 and not value.rstrip(".").count(". ")


def _lower(label: str) -> str:
    """As it stands within a sentence: abbreviations keep their capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
