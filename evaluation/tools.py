"""The tools of `chat/tools.py`, run on a listing's file."""

from chat.tools import TOOLS
from chat.tools import schemas as schemas_of
from evaluation.listing import Json, Listing


def schemas(home: Listing) -> list[Json]:
    return [] if home.prose else schemas_of(home.record)


async def run(home: Listing, name: str, arguments: Json) -> Json:
    if name not in TOOLS:
        return {"error": {"code": "unknown_tool", "message": f"There is no such tool: {name}."}}
    tool = TOOLS[name]
    return (await tool.run(home.record, tool.arguments.model_validate(arguments))).output
