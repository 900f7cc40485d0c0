"""The answer to all that was asked, from the record and what the tools brought."""

from __future__ import annotations

from dataclasses import dataclass

from engine.think.ask import Ask
from engine.think.briefing import Fact, Room
from engine.think.knowledge import choose
from engine.think.lexicon import Lexicon
from engine.think.record import Record
from engine.think.speech import Speech
from engine.think.topics import LOOSE, TOPICS
from engine.think.words import light, plain, same_root, tokens

MOST_TOPICS = 10
MOST_SUMMED = 5
_MEASURES = {"depth", "height", "width", "length", "thickness", "hohe", "tiefe", "breite", "altura", "profundidad"}


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    admitted: bool = False


class Composer:
    def __init__(self, record: Record, speech: Speech, words: Lexicon, message: str) -> None:
        self.record = record
        self.speech = speech
        self.words = words
        self.message = message

    def compose(self, asks: list[Ask]) -> str:
        said = [(ask, self._answer(ask)) for ask in asks]
        parts: list[str] = []
        for ask, one in said:
            text = one.text
            subject = self._subject(ask) if one.admitted and len(said) > 1 else ""
            if subject:
                text = self.speech.say("about", subject=subject, sentence=text)
            if text not in parts:
                parts.append(text)
        if any(one.admitted for _, one in said):
            parts.append(self.speech.say("offer"))
        return " ".join(parts) or self.speech.talk("empty")

    def _subject(self, ask: Ask) -> str:
        labels = [self.record.label(key) for key in ask.keys if ask.kind == "fact" and not ask.thing]
        label = next((label for label in labels if label), "")
        asked = ask.text.strip(" ,.;:?!¿")
        # The visitor's own figures are not repeated: they may be wrong.
        return label or ("" if any(char.isdigit() for char in asked) else self.speech.say("asked", question=asked))

    def _answer(self, ask: Ask) -> Said:
        if ask.kind == "talk":
            return Said(self._talk(ask))
        if ask.kind in ("fair", "order"):
            return Said(self.speech.say(ask.kind))
        if ask.kind == "rooms":
            return self._rooms() or self._admit(ask)
        if ask.kind in ("viewing", "message"):
            return Said(self._form(ask))
        if ask.kind in ("room", "show"):
            return self._room(ask)
        return self._fact(ask) if ask.kind == "fact" else self._open(ask)

    def _talk(self, ask: Ask) -> str:
        if ask.name != "capabilities":
            return self.speech.talk(ask.name)
        labels = [fact.label for fact in self.record.facts.values() if fact.key != "identity"]
        labels += [fact.label for fact in self.record.more.values()]
        if not labels:
            return self.speech.talk("empty")
        return self.speech.say("capabilities", topics=", ".join(labels[:MOST_TOPICS]))

    def _form(self, ask: Ask) -> str:
        toolbox = self.record.toolbox
        if ask.kind == "message":
            return self.speech.say("message" if toolbox.message else "no_form")
        if not self.record.briefing.takes_viewings:
            return self.speech.say("no_viewings" if toolbox.message else "no_form")
        if not toolbox.viewing:
            return self.speech.say("no_form")
        return self.speech.say("viewing")

    def _rooms(self) -> Said | None:
        names = [room.name for room in self.record.rooms.values()]
        return Said(self.speech.say("rooms", rooms=", ".join(names))) if names else None

    def _room(self, ask: Ask) -> Said:
        rooms = [self.record.rooms[key] for key in ask.rooms if key in self.record.rooms]
        if not rooms:
            listed = self._rooms()
            return Said(self.speech.say("no_room", rooms=listed.text)) if listed else self._admit(ask)
        if ask.kind == "show":
            shown = " ".join(self._shown(room) for room in rooms[:2])
            return Said(shown)
        return self._of_rooms(ask, rooms)

    def _shown(self, room: Room) -> str:
        name = self.speech.room(room)[:-1] if room.details else room.name
        return f"{self.speech.say('show', room=name)} {room.description}".strip()

    def _of_rooms(self, ask: Ask, rooms: list[Room]) -> Said:
        if ask.thing:
            for room in rooms:
                if found := self._sentence_with(ask.thing, room):
                    return Said(f"{room.name}: {found}")
            return self._known(ask) or self._admit(ask)
        if ask.type in ("size", "level", "where", "any", "what", "how", "yesno", "count", "which", "kind"):
            wants_figure = ask.type == "size"
            told = [room for room in rooms if not wants_figure or any(char.isdigit() for char in room.details)]
            texts = [self.speech.room(room) for room in told if room.details]
            texts = [self.speech.say("yes"), *texts] if ask.type == "yesno" and texts and self._has(ask) else texts
            if not wants_figure:
                texts += [room.description for room in told if room.description]
            if texts:
                return Said(" ".join(texts))
        return self._known(ask) or self._admit(ask)

    def _sentence_with(self, thing: tuple[str, ...], room: Room) -> str:
        for sentence in _sentences(room):
            if self._holds(sentence, thing):
                return sentence
        return ""

    def _holds(self, text: str, roots: tuple[str, ...]) -> bool:
        said = {self.words.root(token) for token in tokens(text)}
        said |= {self.words.exact(token) for token in tokens(text)}
        return bool(roots) and all(any(same_root(one, root) for one in said) for root in roots)

    def _names(self, text: str, roots: tuple[str, ...]) -> bool:
        """As `_holds`, but a word stands only for itself: "replaced" is not "new" here."""
        said = {self.words.exact(token) for token in tokens(text)}
        return bool(roots) and all(any(same_root(one, root) for one in said) for root in roots)

    def _exact(self, text: str) -> tuple[str, ...]:
        small = self.words.neutral | {light(word, self.words.language) for word in self.words.detect}
        found = [token for token in tokens(text) if light(token, self.words.language) not in small]
        return tuple(dict.fromkeys(self.words.exact(token) for token in found))

    def _has(self, ask: Ask) -> bool:
        """Whether it is asked if a thing is there, which a mention of it answers."""
        return self.words.says("has", plain(ask.text))

    def _fact(self, ask: Ask) -> Said:
        facts = [self.record.facts[key] for key in ask.keys if key in self.record.facts]
        if not facts and ask.name == "public_remarks":
            return self._summary() or self._admit(ask)
        if not facts:
            listed = self._listed(ask) if ask.thing else None
            return self._known(ask) or listed or self._prose(ask) or self._admit(ask)
        if ask.name in LOOSE and (known := self._known(ask)):
            return known
        if ask.thing and not any(self._holds(f"{fact.label} {fact.value}", ask.thing) for fact in facts):
            return self._listed(ask) or self._known(ask) or self._admit(ask, facts)
        say = TOPICS[ask.name].say if ask.name in TOPICS else 1
        told = " ".join(self.speech.fact(fact) for fact in facts[: max(say, 1)])
        return Said(f"{self._yes_or_no(ask, facts[0])} {told}".strip())

    def _summary(self) -> Said | None:
        told = [self.speech.fact(fact) for fact in list(self.record.facts.values())[:MOST_SUMMED]]
        return Said(" ".join(told or self.record.briefing.prose[:2])) if told or self.record.briefing.prose else None

    def _yes_or_no(self, ask: Ask, fact: Fact) -> str:
        if ask.type != "yesno":
            return ""
        if ask.thing and self._holds(fact.value, ask.thing):
            return self.speech.say("yes")
        topic = TOPICS.get(ask.name)
        if topic and topic.kind == "count" and fact.value.isdigit():
            agrees = int(fact.value) == ask.numbers[0] if ask.numbers else fact.value != "0"
            return self.speech.say("yes" if agrees else "no") if len(ask.numbers) < 2 else ""
        return ""

    def _listed(self, ask: Ask) -> Said | None:
        """A fact whose value names all that was asked for."""
        wanted = ask.thing or self._exact(ask.text)
        if ask.type not in ("any", "yesno", "what", "which", "kind"):
            return self._figure(ask)
        for fact in self.record.facts.values():
            in_value = any(self._names(fact.value, (root,)) for root in wanted)
            if fact.key != "public_remarks" and in_value and self._names(f"{fact.label} {fact.value}", wanted):
                yes = self.speech.say("yes") if ask.type == "yesno" and self._has(ask) else ""
                return Said(f"{yes} {self.speech.fact(fact)}".strip())
        return None

    def _figure(self, ask: Ask) -> Said | None:
        """A fact with a figure that names both the thing and what is asked of it ("well depth", "pumped in 2025")."""
        wanted = self._exact(ask.text)
        for fact in self.record.facts.values():
            if not any(char.isdigit() for char in fact.value) or not self._names(fact.label, wanted[:1]):
                continue
            is_measure = ask.type == "height" and self._measures(fact.label)
            if self._names(f"{fact.label} {fact.value}", wanted) and (len(wanted) > 1 or is_measure):
                return Said(self.speech.fact(fact))
        return None

    def _measures(self, label: str) -> bool:
        return any(word in _MEASURES for word in tokens(label))

    def _open(self, ask: Ask) -> Said:
        rooms = [self.record.rooms[key] for key in ask.rooms if key in self.record.rooms]
        if known := self._known(ask):
            return known
        for room in rooms:
            named = {self.words.root(token) for token in tokens(room.name)}
            wanted = tuple(word for word in ask.words if word not in named)
            if found := self._sentence_with(wanted, room):
                return Said(f"{room.name}: {found}")
        if listed := self._listed(ask) or self._prose(ask):
            return listed
        facts = [self.record.facts[key] for key in ask.keys if key in self.record.facts]
        return self._admit(ask, facts)

    def _known(self, ask: Ask) -> Said | None:
        entry = choose(ask, self.record.findings.entries, self.words)
        return Said(self.speech.entry(entry)) if entry else None

    def _prose(self, ask: Ask) -> Said | None:
        """A sentence of a briefing that is no table."""
        for sentence in self.record.briefing.prose:
            if ask.words and self._holds(sentence, ask.words):
                return Said(sentence)
        return None

    def _admit(self, ask: Ask, facts: list[Fact] | None = None) -> Said:
        """That the listing is silent; what it does say of the matter follows when that is no figure."""
        is_count = ask.name in TOPICS and TOPICS[ask.name].kind == "count" and ask.type == "yesno"
        plain = [fact for fact in facts or [] if is_count or not any(char.isdigit() for char in fact.value)]
        told = [self.speech.known(fact) for fact in plain[:1]]
        return Said(" ".join([self.record.briefing.admission, *told]), admitted=True)


def _sentences(room: Room) -> list[str]:
    age = f" ({room.as_of})" if room.as_of else ""
    details = [f"{room.details.rstrip('.')}{age}."] if room.details else []
    return details + [part for part in room.description.split("\n") if part]
