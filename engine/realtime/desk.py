"""The eleven client events, done or refused."""

from __future__ import annotations

from engine.realtime.audio import Decoder, base64_size, decode_base64, encode_base64
from engine.realtime.config import RealtimeConfig, voice_name
from engine.realtime.config_patch import patched
from engine.realtime.core import Core
from engine.realtime.errors import invalid, refused
from engine.realtime.events import (
    Append,
    Clear,
    ClearOutput,
    Commit,
    Event,
    ItemCreate,
    ItemDelete,
    ItemRetrieve,
    ItemTruncate,
    ResponseCancel,
    ResponseCreate,
    ResponseParams,
    SessionUpdate,
)
from engine.realtime.intake import fixed_voice, read_item, read_request

LONGEST_EXPANSION = 6  # G.711 at 8 kHz to PCM16 at 24 kHz


class Desk:
    """Every method raises BadRequest before it changes anything."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._decoder = Decoder(core.config.audio.input.format)

    def do(self, event: Event, client: str, now: float) -> None:
        match event:
            case SessionUpdate():
                self._update(event)
            case Append():
                self._append(event, now)
            case Commit():
                self._core.listening.commit()
                self._core.answering.quiet_since = None
            case Clear():
                self._core.listening.clear()
            case ItemRetrieve():
                self._retrieve(event, client)
            case ItemDelete():
                self._core.remove_item(self._core.conversation.get(event.item_id, "item_id"), now)
            case ClearOutput() | ItemCreate() | ItemTruncate() | ResponseCreate() | ResponseCancel():
                self._converse(event, self._core.config, now)

    def _converse(
        self,
        event: ClearOutput | ItemCreate | ItemTruncate | ResponseCreate | ResponseCancel,
        config: object,
        now: float,
    ) -> None:
        if not isinstance(config, RealtimeConfig):
            raise invalid("type", f"'{event.type}' is not possible in a transcription session.")
        match event:
            case ClearOutput():
                self._clear_output(now)
            case ItemCreate():
                self._create_item(event)
            case ItemTruncate():
                self._truncate(event)
            case ResponseCreate():
                self._respond(event.response or ResponseParams(), config, now)
            case ResponseCancel():
                self._core.answering.cancel(event.response_id, now)

    def _update(self, event: SessionUpdate) -> None:
        core = self._core
        config = patched(core.config, event.session)
        if isinstance(config, RealtimeConfig) and isinstance(core.config, RealtimeConfig):
            self._check_change(core.config, config)
        if config.audio.input.format != core.config.audio.input.format:
            self._decoder = Decoder(config.audio.input.format)
        core.config = config
        core.listening.configure(config.audio.input)
        core.outbox.emit("session.updated", session=core.session_object())

    def _check_change(self, before: RealtimeConfig, after: RealtimeConfig) -> None:
        answering = self._core.answering
        if after.model != before.model and answering.begun:
            # Not before: the browser client names its own default model at once, whatever its token was made for.
            raise invalid("session.model", "the model of a session cannot change once it has answered.")
        old, new = before.audio.output, after.audio.output
        if answering.spoken and voice_name(new.voice) != voice_name(old.voice):
            raise fixed_voice("session.audio.output.voice")
        if new.speed != old.speed and answering.active is not None:
            raise invalid("session.audio.output.speed", "it cannot change while a response is in progress.")

    def _append(self, event: Append, now: float) -> None:
        core = self._core
        if core.medium == "peer":
            raise invalid("type", "the audio of a call comes from its media track.")
        try:
            data = decode_base64(event.audio)
            if self._decoder.format.type == "audio/pcm":
                core.listening.check_room(len(data))
            else:
                core.listening.check_room(base64_size(event.audio) * LONGEST_EXPANSION)
            pcm = self._decoder.decode(data)
        except ValueError as error:
            raise invalid("audio", f"{error}.") from error
        core.listening.hear(pcm, now)

    def _clear_output(self, now: float) -> None:
        if self._core.medium != "peer":
            raise invalid("type", "a socket's client plays for itself: there is no output audio buffer here.")
        self._core.answering.clear_sound(now)

    def _create_item(self, event: ItemCreate) -> None:
        core = self._core
        item = read_item(event.item, core.config.audio.input.format, "item")
        core.conversation.check_new(item, event.previous_item_id)
        self._check_ears(int(item.unheard))
        core.add_item(item, event.previous_item_id)

    def _check_ears(self, more: int) -> None:
        if more and len(self._core.hearings) + more > self._core.limits.pending_hearings:
            raise refused("rate_limit_exceeded", "Too much audio waits to be understood: send it more slowly.")

    def _retrieve(self, event: ItemRetrieve, client: str) -> None:
        """To its asker alone: it changes nothing, and may be long."""
        core = self._core
        item = core.conversation.get(event.item_id, "item_id")
        shown = item.as_object()
        sound = item.sound
        if sound is not None and 0 < len(sound.audio) <= core.limits.retrieved_bytes:
            shown["content"][item.parts.index(sound)]["audio"] = encode_base64(bytes(sound.audio))
        core.outbox.emit("conversation.item.retrieved", to=client, item=shown)

    def _truncate(self, event: ItemTruncate) -> None:
        core = self._core
        item = core.conversation.get(event.item_id, "item_id")
        sound = item.sound
        if item.role != "assistant" or sound is None:
            raise invalid("item_id", "only assistant messages with audio can be truncated.")
        if event.content_index != 0:
            raise invalid("content_index", "the audio is content part 0.")
        if event.audio_end_ms > sound.ms:
            message = f"Audio content of {sound.ms}ms is already shorter than {event.audio_end_ms}ms"
            raise refused("invalid_value", message, "audio_end_ms")
        item.truncate(event.audio_end_ms)
        core.outbox.emit(
            "conversation.item.truncated", item_id=item.id, content_index=0, audio_end_ms=event.audio_end_ms
        )

    def _respond(self, params: ResponseParams, config: RealtimeConfig, now: float) -> None:
        core = self._core
        asked = read_request(params, config, core.conversation, voice_is_fixed=core.answering.spoken)
        self._check_ears(len(asked.unheard))
        core.answering.create(asked.request, now)
        for item in asked.unheard:
            core.listen_to(item)
