"""`/v1/models`: the names to ask for. A Realtime session takes any name, since clients bring their own."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import NotFound
from engine.settings import Settings

CREATED = 1_763_942_400  # the same at every start, as a model's date should be


class Models:
    def __init__(self, settings: Settings) -> None:
        self._names = tuple(dict.fromkeys((*settings.models, *settings.voice_models)))

    async def index(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [_model(name) for name in self._names]})

    async def show(self, request: Request) -> Response:
        name = request.path_params["model"]
        if name not in self._names:
            raise NotFound(f"The model '{name}' does not exist.", param="model", code="model_not_found")
        return JSONResponse(_model(name))


def _model(name: str) -> dict[str, str | int]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "openhouse"}
