"""The messages of a request, taken apart: what was said before, what is asked now, what tools brought."""

from dataclasses import dataclass, field

from engine.requests import Message
from engine.think.findings import Findings, read_findings

QUESTION_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Conversation:
    system: str = ""
    question: str = ""
    before: tuple[str, ...] = ()  # the visitor's earlier messages, the last one last
    answer: str = ""  # what was said last to the visitor
    findings: Findings = field(default_factory=Findings)


def read_conversation(messages: list[Message]) -> Conversation:
    system = "\n".join(message.text for message in messages if message.role in ("system", "developer"))
    asked = [place for place, message in enumerate(messages) if message.role == "user"]
    if not asked:
        return Conversation(system)
    earlier = messages[: asked[-1]]
    answers = [message.text for message in earlier if message.role == "assistant" and message.text]
    return Conversation(
        system,
        messages[asked[-1]].text[:QUESTION_CHARACTERS],
        tuple(messages[place].text[:QUESTION_CHARACTERS] for place in asked[:-1]),
        answers[-1] if answers else "",
        read_findings(messages[asked[-1] + 1 :]),
    )
