"""From a request to a thought: read what is asked, look up what is missing, say what is known."""

from dataclasses import replace

from engine.requests import ChatRequest, NamedChoice
from engine.think.ask import Ask
from engine.think.briefing import ADMISSIONS, read_briefing
from engine.think.compose import Composer
from engine.think.conversation import Conversation, read_conversation
from engine.think.follow_up import Subject
from engine.think.lexicon import detect_language
from engine.think.plan import Planner
from engine.think.reader import Reader
from engine.think.record import Record
from engine.think.speech import Speech
from engine.think.thought import Call, Thought
from engine.think.toolbox import Toolbox

__all__ = ["think"]


def think(request: ChatRequest) -> Thought:
    talk = read_conversation(request.messages)
    briefing = read_briefing(talk.system)
    language = briefing.language or detect_language(talk.question, "en")
    if not briefing.language:
        briefing.admission = ADMISSIONS[language]
    toolbox = Toolbox(None if request.tool_choice == "none" else request.tools)
    record = Record(briefing, toolbox, talk.findings)
    reader = Reader(record, language, talk.question)
    asks = _understand(reader, talk, briefing.admission)
    calls = Planner(record, reader.words, talk.question).calls(asks)
    if not calls and not talk.findings.rounds:
        calls = _forced(request, toolbox, talk.question)
    if calls:
        return Thought(calls=tuple(calls[:1] if request.parallel_tool_calls is False else calls))
    return Thought(Composer(record, Speech(language, briefing.agency), reader.words, talk.question).compose(asks))


def _forced(request: ChatRequest, toolbox: Toolbox, question: str) -> list[Call]:
    if isinstance(request.tool_choice, NamedChoice):
        return toolbox.force(request.tool_choice.function.name, question)
    return toolbox.force(None, question) if request.tool_choice == "required" else []


def _understand(reader: Reader, talk: Conversation, admission: str) -> list[Ask]:
    previous = _subject(reader, talk)
    asks = reader.read(talk.question, previous)
    if len(asks) != 1 or asks[0].kind != "talk" or not talk.before:
        return asks
    if asks[0].name == "yes" and admission in talk.answer:
        return [Ask("message", talk.before[-1])]
    if asks[0].name == "repeat":
        again = reader.read(talk.before[-1], None)
        return again if all(ask.kind != "talk" for ask in again) else [replace(asks[0], name="unclear")]
    return asks


def _subject(reader: Reader, talk: Conversation) -> Subject | None:
    """What the visitor's last messages were about, the latest first."""
    previous: Subject | None = None
    for text in talk.before[-4:]:
        for ask in reader.read(text, previous):
            if ask.kind in ("fact", "room", "show", "open"):
                previous = Subject.of(ask)
    return previous
