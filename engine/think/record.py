"""The listing as far as this request shows it: facts by key, and which topics they answer."""

from collections.abc import Iterable
from functools import cached_property

from engine.think.briefing import Briefing, Fact, Room
from engine.think.findings import Findings
from engine.think.lexicon import LANGUAGES, Phrases, lexicon
from engine.think.toolbox import Toolbox
from engine.think.topics import TOPICS, Topic
from engine.think.words import light, tokens

# Topics whose other keys may speak when the first is not stated.
LENIENT = {"bathrooms_total", "standard_status", "property_type", "parking_total", "address", "city", "street"}
LENIENT |= {"list_date", "days_on_market", "postal_code", "state_or_province", "country"}


class Record:
    def __init__(self, briefing: Briefing, toolbox: Toolbox, findings: Findings) -> None:
        self.briefing = briefing
        self.toolbox = toolbox
        self.findings = findings
        self.facts = {fact.key: fact for fact in briefing.facts} | findings.facts
        absent = [fact for fact in briefing.not_stated if fact.key not in self.facts]
        self.not_stated = {fact.key: fact for fact in absent}
        offered = {key: Fact(key, _words(key), "") for key in toolbox.keys if not key.startswith("room.")}
        offered |= {fact.key: fact for fact in briefing.more}
        known = self.facts.keys() | self.not_stated.keys()
        self.more = {key: fact for key, fact in offered.items() if key not in known}

    @cached_property
    def rooms(self) -> dict[str, Room]:
        rooms = {key: Room(key, _words(key)) for key in self.toolbox.room_keys}
        return rooms | {room.key: room for room in self.briefing.rooms} | self.findings.rooms

    def label(self, key: str) -> str:
        for group in (self.facts, self.not_stated, self.more):
            if key in group:
                return group[key].label
        return ""

    def keys_of(self, topic: Topic) -> list[str]:
        """Keys of this listing that speak of the topic, the most precise first."""
        present = [key for key in topic.keys if self.label(key)]
        if present and present[0] in self.not_stated and topic.say == 1 and topic.name not in LENIENT:
            return present[:1]
        if present and present[0] in self.more and self.toolbox.facts and topic.say == 1:
            return present[:1]
        present += [key for key in self._aliases.get(topic.name, ()) if key not in present]
        stated = [key for key in present if key in self.facts]
        return stated[: topic.say] or present[: max(2, topic.say)]

    @cached_property
    def _aliases(self) -> dict[str, list[str]]:
        """Topics told from labels and keys that are not ours ("Asking price", "kaufpreis_eur")."""
        own = {key for topic in TOPICS.values() for key in topic.keys}
        aliases: dict[str, list[str]] = {}
        for fact in self._all_facts():
            if fact.key in own:
                continue
            for name in _topics_of(fact.label) | _topics_of(_words(fact.key)):
                aliases.setdefault(name, []).append(fact.key)
        return aliases

    def _all_facts(self) -> Iterable[Fact]:
        return [*self.facts.values(), *self.more.values(), *self.not_stated.values()]

    def label_phrases(self, language: str) -> Phrases:
        """Labels as they stand, and each word that only one label has."""
        phrases = Phrases(language)
        neutral = lexicon(language).neutral
        owners: dict[str, set[str]] = {}
        for fact in self._all_facts():
            phrases.add("fact", fact.key, [fact.label])
            for token in tokens(fact.label):
                owners.setdefault(light(token, language), set()).add(fact.key)
        single = {stem: keys for stem, keys in owners.items() if len(keys) == 1 and len(stem) > 3}
        for fact in self._all_facts():
            stems = [light(token, language) for token in tokens(fact.label)]
            content = [stem for stem in stems if stem not in neutral]
            if len(content) == 1 and content[0] in single:
                phrases.add("fact", fact.key, content)
        return phrases

    def value_stems(self, language: str) -> set[str]:
        """Words of what the listing says, which are no slips of the finger."""
        texts = [fact.value for fact in self.facts.values()] + [room.name for room in self.rooms.values()]
        texts += [entry.question for entry in self.findings.entries]
        return {light(token, language) for text in texts for token in tokens(text)}

    def value_has(self, keys: Iterable[str], stems: Iterable[str], language: str) -> bool:
        """Whether all the words stand in the values or labels of these facts."""
        facts = [self.facts[key] for key in keys if key in self.facts]
        said = {light(token, language) for fact in facts for token in tokens(f"{fact.label} {fact.value}")}
        return bool(facts) and set(stems) <= said

    def room_phrases(self, language: str) -> Phrases:
        phrases = Phrases(language)
        for room in self.rooms.values():
            phrases.add("room", f"={room.key}", [room.name, _words(room.key)])
        return phrases

    def rooms_like(self, names: Iterable[str]) -> list[Room]:
        """Rooms named by key (`=key`), else those of a kind ("kitchen") by their own name or key."""
        wanted = list(names)
        exact = [self.rooms[name[1:]] for name in wanted if name.startswith("=") and name[1:] in self.rooms]
        if exact:
            return list(dict.fromkeys(exact))
        return [room for room in self.rooms.values() if room_kinds(room) & set(wanted)]


def room_kinds(room: Room) -> set[str]:
    kinds: set[str] = set()
    for text in (room.name, _words(room.key)):
        for language in LANGUAGES:
            stems = [light(token, language) for token in tokens(text)]
            kinds |= {match.name for match in lexicon(language).rooms.find(stems)}
    return kinds | ({"bedroom"} if any(kind.endswith("bedroom") for kind in kinds) else set())


def _topics_of(label: str) -> set[str]:
    """Topics that the label names in full, in any language."""
    found: set[str] = set()
    for language in LANGUAGES:
        words = lexicon(language)
        stems = [light(token, language) for token in tokens(label)]
        matches = [match for match in words.topics.find(stems) if match.kind == "topic"]
        covered = {place for match in matches for place in range(match.start, match.end)}
        rest = [stem for place, stem in enumerate(stems) if place not in covered and stem not in words.neutral]
        if matches and not rest:
            found.add(matches[0].name)
    return found


def _words(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").replace(".", " ").strip().capitalize()
