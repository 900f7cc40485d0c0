"""Which tools to call for what was asked: all in one round, none twice."""

from collections.abc import Iterable

from engine.think.ask import Ask
from engine.think.briefing import Briefing
from engine.think.dates import find_date, find_time
from engine.think.findings import Findings
from engine.think.knowledge import choose
from engine.think.lexicon import Lexicon
from engine.think.record import Record
from engine.think.thought import Call
from engine.think.toolbox import Toolbox
from engine.think.topics import FEATURE_KEYS, LOOSE
from engine.think.words import tokens

MOST_CALLS = 8
MOST_ROUNDS = 3
MOST_KEYS = 24
MOST_ROOMS = 2
MOST_OTHERS = 6


class Planner:
    def __init__(self, record: Record, words: Lexicon, message: str) -> None:
        self.record = record
        self.toolbox: Toolbox = record.toolbox
        self.findings: Findings = record.findings
        self.briefing: Briefing = record.briefing
        self.words = words
        self.message = message
        self.asked_keys = {
            str(key) for call in self.findings.calls for value in call.arguments.values() for key in _listed(value)
        }

    def calls(self, asks: Iterable[Ask]) -> list[Call]:
        if self.findings.rounds >= MOST_ROUNDS:
            return []
        keys: list[str] = []
        calls: list[Call] = []
        for ask in asks:
            keys += self._keys(ask)
            calls += self._others(ask)
        wanted = [key for key in dict.fromkeys(keys) if key not in self.asked_keys]
        calls = [*self.toolbox.ask_facts(wanted[:MOST_KEYS]), *calls]
        fresh = [call for place, call in enumerate(calls) if call not in calls[:place]]
        return [call for call in fresh if call not in self.findings.calls][:MOST_CALLS]

    def _keys(self, ask: Ask) -> list[str]:
        """Keys to fetch: of the fact itself, or of the lists in which a thing may stand."""
        record = self.record
        missing = [key for key in ask.keys if key in record.more]
        if ask.kind == "fact" and not ask.keys and not self.toolbox.keys:
            missing = [ask.name]  # a tool that does not list its keys takes ours
        if ask.kind == "fact" and not ask.thing:
            return missing
        if ask.kind in ("open", "fact") and ask.type in ("any", "yesno", "what", "which", "kind"):
            return missing + [key for key in FEATURE_KEYS if key in record.more]
        return missing if ask.kind == "open" else []

    def _others(self, ask: Ask) -> list[Call]:
        if ask.kind in ("room", "show"):
            shown = [call for room in ask.rooms[:MOST_ROOMS] for call in self.toolbox.ask_room(room)]
            return shown + (self._knowledge(ask) if ask.kind == "room" else [])
        if ask.kind == "viewing":
            return self._viewing(ask)
        if ask.kind == "message":
            return [] if self._shown(self.toolbox.message) else self.toolbox.ask_message(ask.text)
        if ask.kind == "open":
            rooms = [call for room in ask.rooms[:MOST_ROOMS] for call in self.toolbox.ask_room(room)]
            return rooms + self._knowledge(ask)
        if ask.kind == "fact" and (not self._can_be_known(ask) or ask.thing or ask.name in LOOSE):
            return self._knowledge(ask)
        return []

    def _can_be_known(self, ask: Ask) -> bool:
        record = self.record
        fetchable = [key for key in ask.keys if key in record.more and key not in self.asked_keys]
        return any(key in record.facts for key in ask.keys) or bool(fetchable and self.toolbox.facts)

    def _knowledge(self, ask: Ask) -> list[Call]:
        if choose(ask, self.findings.entries, self.words):
            return []
        return self.toolbox.ask_knowledge(self._query(ask))

    def _query(self, ask: Ask) -> str:
        """The question, with other words for what it asks for: the search may take words as they stand."""
        roots = {self.words.root(token): token for token in tokens(ask.text)}
        others = [word for root in ask.words if root in roots for word in self.words.others(root, roots[root])]
        return f"{ask.text} ({', '.join(others[:MOST_OTHERS])})" if others else ask.text

    def _viewing(self, ask: Ask) -> list[Call]:
        if not self.briefing.takes_viewings:
            return [] if self._shown(self.toolbox.message) else self.toolbox.ask_message(self.message)
        if self._shown(self.toolbox.viewing):
            return []
        day = find_date(self.message, self.briefing.today, month_first=self.briefing.month_first)
        return self.toolbox.ask_viewing(day, find_time(self.message), self.message)

    def _shown(self, function: object) -> bool:
        return getattr(function, "name", "") in {call.name for call in self.findings.calls}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
