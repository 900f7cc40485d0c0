"""From what a client asks to what is done: items with their sound, and the request behind `response.create`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.errors import BadRequest
from engine.realtime.audio import Decoder, decode_base64, milliseconds
from engine.realtime.config import Format, NamedChoice, RealtimeConfig, voice_name
from engine.realtime.conversation import Conversation
from engine.realtime.errors import invalid, refused
from engine.realtime.events import ItemReference, ResponseParams
from engine.realtime.items import InputAudio, Item, Sent, UserMessage, made_item
from engine.realtime.outbox import new_id
from engine.realtime.response import Request


def read_item(sent: Sent, audio_format: Format, root: str) -> Item:
    """An item with its sound decoded; `unheard` where that sound is to be listened to. Raises BadRequest."""
    item = made_item(sent)
    if not isinstance(sent, UserMessage):
        return item
    sounds = [place for place, part in enumerate(sent.content) if isinstance(part, InputAudio)]
    if len(sounds) > 1:
        raise invalid(f"{root}.content[{sounds[1]}]", "one item takes one input_audio part.")
    for place in sounds:
        sent_part, part = sent.content[place], item.parts[place]
        assert isinstance(sent_part, InputAudio)
        try:
            part.audio = Decoder(audio_format).decode(decode_base64(sent_part.audio))
        except ValueError as error:
            raise invalid(f"{root}.content[{place}].audio", f"{error}.") from error
        part.ms = milliseconds(len(part.audio))
        item.unheard = part.text is None and bool(part.audio)
        if part.text is None and not part.audio:
            part.text = ""
    return item


@dataclass(slots=True)
class Asked:
    request: Request
    unheard: list[Item] = field(default_factory=list)  # of `input`, to be listened to first


def read_request(
    params: ResponseParams, config: RealtimeConfig, conversation: Conversation, *, voice_is_fixed: bool
) -> Asked:
    """Raises BadRequest before anything changes."""
    context = list(conversation)
    unheard: list[Item] = []
    if params.input is not None:
        context = [
            conversation.get(sent.id, f"response.input[{place}].id")
            if isinstance(sent, ItemReference)
            else read_item(sent, config.audio.input.format, f"response.input[{place}]")
            for place, sent in enumerate(params.input)
        ]
        unheard = [item for item in context if item.unheard and item not in conversation]
        for item in unheard:
            item.id = new_id("item")  # what is listened to goes by its id, which a client could give twice
    effective = _overridden(config, params, voice_is_fixed=voice_is_fixed)
    language = (config.audio.input.transcription and config.audio.input.transcription.language) or ""
    home = None if params.conversation == "none" else conversation
    return Asked(Request(effective, context, home, params.metadata, language), unheard)


def _overridden(config: RealtimeConfig, params: ResponseParams, *, voice_is_fixed: bool) -> RealtimeConfig:
    names = ("instructions", "output_modalities", "tools", "tool_choice", "parallel_tool_calls", "reasoning")
    given = {name: getattr(params, name) for name in (*names, "max_output_tokens")}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    output = params.audio.output if params.audio else None
    if output is not None:
        spoken = {name: value for name, value in (("format", output.format), ("voice", output.voice)) if value}
        before = voice_name(config.audio.output.voice)
        if voice_is_fixed and output.voice is not None and voice_name(output.voice) != before:
            raise fixed_voice("response.audio.output.voice")
        changes["audio"] = config.audio.model_copy(update={"output": config.audio.output.model_copy(update=spoken)})
    effective = config.model_copy(update=changes)
    choice = effective.tool_choice
    if isinstance(choice, NamedChoice) and choice.name not in {tool.name for tool in effective.tools}:
        if params.tool_choice is not None:
            raise invalid("response.tool_choice.name", f"there is no tool '{choice.name}'.")
        return effective.model_copy(update={"tool_choice": "auto"})
    return effective


def fixed_voice(param: str) -> BadRequest:
    return refused("cannot_update_voice", "The voice cannot change after the session has spoken.", param)
