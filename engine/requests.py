"""The request body of chat completions: the one place where untrusted JSON becomes types."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import BadRequest

FunctionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Part(BaseModel):
    type: Literal["text", "refusal"]
    text: str = ""


class FunctionCall(BaseModel):
    name: str
    arguments: str = "{}"


class ToolCall(BaseModel):
    id: str
    type: Literal["function"] = "function"
    function: FunctionCall


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class Function(BaseModel):
    name: FunctionName
    description: str | None = None
    parameters: dict[str, Any] | None = None


class Tool(BaseModel):
    type: Literal["function"]
    function: Function


class NamedFunction(BaseModel):
    name: str


class NamedChoice(BaseModel):
    type: Literal["function"]
    function: NamedFunction


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    """Fields that a deterministic thinker has no use for (temperature, seed, …) are taken and ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[Message] = Field(min_length=1)
    tools: list[Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedChoice | None = None
    parallel_tool_calls: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_completion_tokens: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    stop: str | list[str] | None = None
    n: Literal[1] | None = None

    @property
    def token_limit(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    @property
    def wants_usage(self) -> bool:
        return bool(self.stream_options and self.stream_options.include_usage)


def read_chat_request(body: object) -> ChatRequest:
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.", code="invalid_type")
    try:
        request = ChatRequest.model_validate(body)
    except ValidationError as error:
        raise _refusal(error) from error
    _check_tool_messages(request.messages)
    _check_choice(request)
    return request


def _refusal(error: ValidationError) -> BadRequest:
    first = error.errors(include_url=False)[0]
    param = _path(first["loc"])
    if first["type"] == "missing":
        return BadRequest(f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter")
    return BadRequest(f"Invalid value for '{param}': {first['msg']}.", param=param, code="invalid_value")


def _path(loc: tuple[int | str, ...]) -> str:
    path = ""
    for step in loc:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".")


def _check_tool_messages(messages: list[Message]) -> None:
    """Every tool message answers a call before it, and every call is answered before anybody speaks."""
    open_calls: set[str] = set()
    for index, message in enumerate(messages):
        if message.role == "tool":
            if message.tool_call_id not in open_calls:
                raise BadRequest(
                    "Messages with role 'tool' must answer a preceding assistant message with 'tool_calls'.",
                    param=f"messages[{index}].role",
                    code="invalid_value",
                )
            open_calls.discard(message.tool_call_id)
            continue
        if open_calls:
            raise _unanswered(index)
        open_calls = {call.id for call in message.tool_calls or [] if message.role == "assistant"}
    if open_calls:
        raise _unanswered(len(messages))


def _unanswered(index: int) -> BadRequest:
    return BadRequest(
        "An assistant message with 'tool_calls' must be followed by a tool message for each 'tool_call_id'.",
        param=f"messages[{index - 1}].tool_calls",
        code="invalid_value",
    )


def _check_choice(request: ChatRequest) -> None:
    names = {tool.function.name for tool in request.tools or []}
    if request.tool_choice is None or request.tool_choice == "none":
        return
    if not names:
        raise BadRequest("'tool_choice' is only allowed with 'tools'.", param="tool_choice", code="invalid_value")
    if isinstance(request.tool_choice, NamedChoice) and request.tool_choice.function.name not in names:
        raise BadRequest("'tool_choice' names no tool of this request.", param="tool_choice", code="invalid_value")
