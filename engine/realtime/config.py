"""The GA session object, checked strictly.

Taken without effect here: `noise_reduction`, `prompt`, `tracing`, `include` (no recogniser of ours gives log
probabilities) and `transcription.delay`. MCP tools are refused, since nothing here could run them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

# Fields whose null says something ("off") and is therefore echoed; any other null is left out.
ECHOED_NULLS = frozenset(
    {"noise_reduction", "transcription", "turn_detection", "idle_timeout_ms", "tracing", "include"}
)

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None or name in ECHOED_NULLS}


class Pcm(Strict):
    type: Literal["audio/pcm"]
    rate: Literal[24000] = 24000


class Pcmu(Strict):
    type: Literal["audio/pcmu"]


class Pcma(Strict):
    type: Literal["audio/pcma"]


Format = Annotated[Pcm | Pcmu | Pcma, Field(discriminator="type")]


class NoiseReduction(Strict):
    type: Literal["near_field", "far_field"]
    strength: Finite = 1.0


class Transcription(Strict):
    model: str | None = None
    language: Annotated[str, Field(max_length=16)] | None = None
    languages: Annotated[list[Annotated[str, Field(max_length=16)]], Field(max_length=64)] | None = None
    prompt: Annotated[str, Field(max_length=16_000)] | None = None
    keywords: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=1000)] | None = None
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None


class ServerVad(Strict):
    type: Literal["server_vad"]
    threshold: Annotated[Finite, Field(ge=0, le=1)] = 0.5
    prefix_padding_ms: Annotated[int, Field(ge=0, le=5000)] = 300
    silence_duration_ms: Annotated[int, Field(ge=0, le=30_000)] = 500
    idle_timeout_ms: Annotated[int, Field(ge=5000, le=30_000)] | None = None
    create_response: bool = True
    interrupt_response: bool = True


class SemanticVad(Strict):
    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection = Annotated[ServerVad | SemanticVad, Field(discriminator="type")]


class AudioInput(Strict):
    format: Format = Pcm(type="audio/pcm")
    noise_reduction: NoiseReduction | None = None
    transcription: Transcription | None = None
    turn_detection: TurnDetection | None = ServerVad(type="server_vad")


class VoiceId(Strict):
    id: Annotated[str, Field(min_length=1, max_length=200)]


Voice = Annotated[str, Field(min_length=1, max_length=200)] | VoiceId


def voice_name(voice: Voice) -> str:
    return voice.id if isinstance(voice, VoiceId) else voice


class AudioOutput(Strict):
    format: Format = Pcm(type="audio/pcm")
    voice: Voice = "marin"
    speed: Annotated[Finite, Field(ge=0.25, le=1.5)] = 1.0


class Audio(Strict):
    input: AudioInput = AudioInput()
    output: AudioOutput = AudioOutput()


class FunctionTool(Strict):
    type: Literal["function"]
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None

    def as_chat_tool(self) -> dict[str, Any]:
        """The nested form of chat completions."""
        return {"type": "function", "function": self.model_dump(exclude={"type"})}


def _distinct(tools: list[FunctionTool]) -> list[FunctionTool]:
    if len({tool.name for tool in tools}) < len(tools):
        raise ValueError("two tools have the same name")
    return tools


Tools = Annotated[list[FunctionTool], Field(max_length=128), AfterValidator(_distinct)]


class NamedChoice(Strict):
    type: Literal["function"]
    name: Name


ToolChoice = Literal["auto", "none", "required"] | NamedChoice


class Reasoning(Strict):
    effort: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None


class Tracing(Strict):
    workflow_name: str | None = None
    group_id: str | None = None
    metadata: Any = None


class Prompt(Strict):
    id: str
    version: str | None = None
    variables: dict[str, Any] | None = None


class TokenLimits(Strict):
    post_instructions: Annotated[int, Field(ge=0)] | None = None


class RetentionRatio(Strict):
    type: Literal["retention_ratio"]
    retention_ratio: Annotated[Finite, Field(ge=0, le=1)]
    token_limits: TokenLimits | None = None


Truncation = Literal["auto", "disabled"] | RetentionRatio
MaxTokens = Annotated[int, Field(ge=1, le=4096)] | Literal["inf"]
Modalities = Annotated[list[Literal["text", "audio"]], Field(min_length=1, max_length=1)]
Include = list[Literal["item.input_audio_transcription.logprobs"]] | None


class RealtimeConfig(Strict):
    type: Literal["realtime"]
    model: str = ""
    instructions: str = ""
    output_modalities: Modalities = ["audio"]
    audio: Audio = Audio()
    tools: Tools = []
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: MaxTokens = "inf"
    truncation: Truncation = "auto"
    tracing: Literal["auto"] | Tracing | None = None
    prompt: Prompt | None = None
    include: Include = None


class TranscriptionAudio(Strict):
    input: AudioInput = AudioInput(transcription=Transcription())


class TranscriptionConfig(Strict):
    type: Literal["transcription"]
    audio: TranscriptionAudio = TranscriptionAudio()
    include: Include = None


Config = RealtimeConfig | TranscriptionConfig
