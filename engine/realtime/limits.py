"""What one session may take. Each is a setting of the engine."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    session_seconds: int = 3600  # the hosted service's cap (openai.md, 3.8)
    append_bytes: int = 15 * MIB  # audio in one append event
    event_bytes: int = 4 * MIB  # any other client event, as text
    events_per_second: float = 2000  # from all clients of a session; a burst may take one second's worth
    input_seconds: float = 300  # audio waiting for a commit while turn detection is off
    turn_seconds: float = 120  # a turn that never falls silent is ended here
    quiet_seconds: float = 5  # silence kept for a client that commits by itself under turn detection
    slice_seconds: float = 2  # audio looked at before everyone else gets the event loop again
    pending_hearings: int = 32  # audio items of a client that are not yet understood
    items: int = 1000  # in the conversation; the oldest leave
    kept_audio_bytes: int = 4 * MIB  # PCM16 of all items, for retrieve; the oldest sound leaves
    retrieved_bytes: int = 5_800_000  # audio in one retrieved item: 8 MiB as an event (openai.md, point 25)
    context_tokens: int = 28_000  # said to the mind at once, in words
    answer_characters: int = 16_000
    ahead_seconds: float = 20  # of sound made before it is played to a peer
    parallel_responses: int = 8
    responses_per_minute: int = 600
    pending_output_bytes: int = 4 * MIB  # for the doors: what may wait for a client that does not read
