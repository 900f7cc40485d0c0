"""A visitor's message to the things it asks for."""

from functools import lru_cache

from engine.think.ask import Ask
from engine.think.clauses import clauses, sentences
from engine.think.follow_up import Subject, same_room
from engine.think.lexicon import Lexicon, Match, Phrases, detect_language, lexicon
from engine.think.record import Record
from engine.think.subject import WEAK, decide, without_choices
from engine.think.topics import ANSWERS, TOPICS
from engine.think.words import light, plain, tokens

_ALONE = ("greeting", "how_are_you", "thanks", "goodbye", "acknowledgement", "yes", "no", "repeat")
_ANYWHERE = ("identity", "capabilities")


class Reader:
    """Reads in the language of the message, whatever the language of the answer."""

    def __init__(self, record: Record, preferred: str, text: str) -> None:
        self.record = record
        self.language = detect_language(text, preferred)
        # A thing's name cannot be looked for in values of another language.
        self.is_foreign = bool(record.briefing.language) and record.briefing.language != self.language
        self.words: Lexicon = lexicon(self.language)
        self.labels: Phrases = record.label_phrases(self.language)
        self.names: Phrases = record.room_phrases(self.language)
        self.also_known = frozenset(self.labels.words() | self.names.words() | record.value_stems(self.language))

    def read(self, text: str, previous: Subject | None = None) -> list[Ask]:
        """Everything the message asks for, in its order; `previous` is what "it" may stand for."""
        text = self.words.mend(text)
        if previous and previous.rooms:
            text = same_room(text, self.language)
        whole = plain(text)
        if alone := self._alone(whole):
            return [Ask("talk", text, alone)]
        asks: list[Ask] = []
        for sentence in self._asking(sentences(text)):
            kind, whole_sentence = "", plain(sentence)
            for clause in self._clauses(sentence):
                found, kind = self._read_clause(clause, kind, previous, sentence)
                asks += [ask for ask in found if ask.kind != "open" or not self.words.says("injection", whole_sentence)]
                previous = next((Subject.of(one) for one in found if one.kind not in ("talk", "fair")), previous)
        return _without_echoes(asks)

    def _asking(self, said: list[str]) -> list[str]:
        """Without what only tells of the visitor ("we are two adults and a cat") when something else is asked."""
        told = [one for one in said if self._only_tells(plain(one))]
        return [one for one in said if one not in told] or said

    def _only_tells(self, text: str) -> bool:
        if not self.words.says("context", text) or self.words.says("nearly_question", text):
            return False
        acts = any(self.words.says(name, text) for name in ("viewing", "message", "injection", "show"))
        return not acts and not self._is_fairness(text) and self.words.type_of(self.stems(text)) in ("any", "yesno")

    def _alone(self, whole: str) -> str:
        return next((name for name in _ALONE if self.words.says(name, whole)), "")

    def _clauses(self, sentence: str) -> list[str]:
        if self.words.says("injection", plain(sentence)):
            return clauses(sentence, lambda _, __: False, self._stands_alone)
        return clauses(sentence, self._covers, self._stands_alone)

    def _covers(self, sentence: str, place: int) -> bool:
        stems = self.stems(sentence)
        matches = self.matches(stems)
        is_choice = stems[place : place + 1] == ["or"] and without_choices(self, stems, matches) != matches
        return is_choice or any(match.start < place < match.end for match in matches)

    def _stands_alone(self, part: str) -> bool:
        text = plain(part)
        if any(self.words.says(name, text) for name in (*_ALONE, *_ANYWHERE, "viewing", "message", "injection")):
            return True
        if self._is_fairness(text):
            return True
        stems = self.stems(part)
        if any(match.kind != "type" for match in self.matches(stems)):
            return True
        kind = self.words.type_of(stems)
        return (kind not in ("any", "what", "how", "yesno") and len(stems) > 2) or (kind == "what" and len(stems) > 3)

    @lru_cache(maxsize=256)  # noqa: B019 - a reader lives as long as one request
    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(self.words.stems(tokens(text), self.also_known))

    def stems(self, text: str) -> list[str]:
        return list(self._stems(text))

    def matches(self, stems: list[str]) -> list[Match]:
        """Topics, labels and rooms, none within a longer one; of one extent, one of each kind."""
        found = [
            *self.words.topics.find(stems),
            *self.labels.find(stems),
            *self.names.find(stems),
            *self.words.rooms.find(stems),
        ]
        small = self.words.neutral
        common = {match: sum(stems[place] in small for place in range(match.start, match.end)) for match in found}
        found.sort(key=lambda match: (match.start - match.end, common[match], -match.start))
        kept: list[Match] = []
        for match in found:
            if not any(_inside(match, other) for other in kept):
                kept.append(match)
        kept.sort(key=lambda match: (match.start, match.end))
        types = self.words.types.find(stems)
        own = [match for match in kept if not any(_within(match, kind) for kind in types)]
        return own if any(match.kind != "open" for match in own) else kept

    def _is_fairness(self, text: str) -> bool:
        return self.words.says("fairness", text) and not self.words.says("not_fairness", text)

    def _read_clause(self, clause: str, before: str, previous: Subject | None, sentence: str) -> tuple[list[Ask], str]:
        """The asks of a clause, and its type, which a next clause without one takes over."""
        text = plain(clause)
        if self.words.says("injection", text):
            return [Ask("order", clause), *self._facts_named(clause)], ""
        if self.words.says("message", text) and not self.words.says("not_message", text):
            return [Ask("message", clause)], ""
        if self._is_fairness(text) or (clause == sentence and self._is_fairness(plain(sentence))):
            return [Ask("fair", clause)], ""
        for name in (*_ANYWHERE, *_ALONE):
            if self.words.says(name, text):
                return [Ask("talk", clause, name)], ""
        stems = self.stems(clause)
        matches = self.matches(stems)
        if acts := self._act(clause, text, matches):
            return acts, ""
        if self.words.says("tag", text):
            return [Ask("talk", clause, "tag")], ""
        own = self.words.type_of(stems)
        is_told = self.words.says("statement", text) and not self.words.says("nearly_question", text)
        if own in ("any", "yesno", "what") and is_told and not any(match.kind != "room" for match in matches):
            return [Ask("talk", clause, "acknowledgement")], ""
        kind = before if own == "any" and before and _can_take(before, matches) else own
        if previous and own in ("any", "what", "how") and self.words.says("continues", f"{text} "):
            kind = previous.type or kind
        return decide(self, clause, stems, matches, kind, previous), kind

    def _facts_named(self, clause: str) -> list[Ask]:
        """What the record says of the things that an order names: no more than the truth of them."""
        stems = self.stems(clause)
        named = [match.name for match in self.matches(stems) if match.name not in WEAK]
        topics = [TOPICS[name] for name in named if name in TOPICS]
        asks = [Ask("fact", clause, topic.name, keys=tuple(self.record.keys_of(topic))) for topic in topics]
        return [ask for ask in asks if any(key in self.record.facts for key in ask.keys)]

    def _act(self, clause: str, text: str, matches: list[Match]) -> list[Ask]:
        rooms = [match.name for match in matches if match.kind == "room"]
        if self.words.says("message", text) and not self.words.says("not_message", text):
            return [Ask("message", clause)]
        wants = self.words.says("viewing", text) and not self.words.says("not_viewing", text)
        shows = self.words.says("show", text) and bool(rooms)
        counts = any(match.name == "rooms_total" for match in matches)
        if self.words.says("rooms_list", text) and not rooms and not counts:
            return [Ask("rooms", clause)]
        if wants and not shows:
            return [Ask("viewing", clause)]
        if shows and not self.words.says("not_viewing", text):
            found = self.record.rooms_like(rooms)
            return [Ask("show", clause, rooms[0], rooms=tuple(room.key for room in found))]
        return []

    def rest(self, stems: list[str], matches: list[Match]) -> list[str]:
        """Content words that no phrase covers."""
        covered = {place for match in matches for place in range(match.start, match.end)}
        for match in self.words.types.find(stems):
            covered |= set(range(match.start, match.end))
        small = self.words.neutral | {light(word, self.language) for word in self.words.detect}
        return [
            stem
            for place, stem in enumerate(stems)
            if place not in covered and stem not in small and not stem[0].isdigit() and len(stem) > 1
        ]


def _can_take(kind: str, matches: list[Match]) -> bool:
    """Whether a clause goes on with the question of the one before ("how old are the roof and the furnace")."""
    topics = [TOPICS[match.name] for match in matches if match.name in TOPICS]
    return all(topic.kind == "list" or kind in ANSWERS[topic.kind] for topic in topics)


def _inside(match: Match, other: Match) -> bool:
    if other.start >= match.end or match.start >= other.end:
        return False
    same_words = (other.start, other.end) == (match.start, match.end)
    return not same_words or other.kind == match.kind


def _within(match: Match, kind: Match) -> bool:
    """A word of a question ("wie groß") that is also a name of a topic."""
    return kind.start <= match.start and match.end <= kind.end


def _without_echoes(asks: list[Ask]) -> list[Ask]:
    """Once each; a greeting beside a question is only politeness."""
    kept: list[Ask] = []
    for ask in asks:
        seen = [(one.kind, one.name, one.keys, one.rooms, one.type, one.words) for one in kept]
        if (ask.kind, ask.name, ask.keys, ask.rooms, ask.type, ask.words) not in seen:
            kept.append(ask)
    spoken = [ask for ask in kept if ask.kind != "talk" or ask.name in _ANYWHERE]
    return spoken or kept
