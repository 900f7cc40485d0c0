"""REST: ask a home a question with an API key."""

from __future__ import annotations

import uuid
from typing import Any, cast

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.middleware import AgencyRequest
from chat.agent import Answer
from chat.homes import check_answering
from chat.models import Conversation
from chat.turns import Ask, Turn, open_turn
from chat.views import streamed
from properties.models import Property


class QuestionSerializer(serializers.Serializer[Any]):
    """`propertyId` and `message` are accepted for `property_id` and `text`."""

    property_id = serializers.UUIDField()
    text = serializers.CharField(trim_whitespace=False, allow_blank=True, max_length=20_000)
    conversation_id = serializers.UUIDField(required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False, help_text="Send the same one again to ask only once.")
    stream = serializers.BooleanField(default=False)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            aliases = {"propertyId": "property_id", "message": "text", "conversationId": "conversation_id"}
            data = {aliases.get(name, name): value for name, value in data.items()} | {
                name: value for name, value in data.items() if name in aliases.values()
            }
        return super().to_internal_value(data)


class FactSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    written = serializers.CharField()
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    as_of = serializers.CharField(allow_null=True)


class AnswerMessageSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=["said"])
    facts = FactSerializer(many=True)


class AnswerSerializer(serializers.Serializer[Any]):
    conversation_id = serializers.UUIDField()
    message = AnswerMessageSerializer()


class AnyAccept(BaseContentNegotiation):
    """The body's `stream` decides what is sent; an Accept header of either kind is welcome."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((p for p in parsers if request.content_type.startswith(p.media_type)), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ChatView(APIView):
    """Ask a home; the answer is whole as JSON, or streamed as server-sent events with `"stream": true`."""

    required_scopes = "chat:write"
    parser_classes = (JSONParser,)
    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="Ask a home",
        tags=["chat"],
        request=QuestionSerializer,
        responses={
            200: AnswerSerializer,
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR, description="Events conversation, delta, facts, form, done, error."
            ),
        },
    )
    def post(self, request: Request) -> HttpResponseBase:
        serializer = QuestionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        turn = open_turn(_ask(cast(AgencyRequest, request._request), serializer.validated_data))
        if serializer.validated_data["stream"]:
            return streamed(turn, ("conversation", {"conversation_id": str(turn.conversation.public_id)}))
        return Response(async_to_sync(_whole)(turn))


def _ask(request: AgencyRequest, asked: dict[str, Any]) -> Ask:
    home = Property.objects.published().filter(public_id=asked["property_id"]).first()
    if home is None:
        raise Http404
    check_answering(home)
    client_id = asked.get("client_id") or uuid.uuid4()
    visitor = _visitor(home, asked.get("conversation_id"), client_id)
    return Ask(request.agency, home, visitor, asked["text"], client_id, Conversation.Source.API)


def _visitor(home: Property, conversation_id: uuid.UUID | None, client_id: uuid.UUID) -> str:
    """The visitor of a program's earlier conversation about this home, or a new one.

    A new one is named after its first message, so that a repeated first message finds its answer.
    """
    if conversation_id is None:
        return f"api-{client_id.hex}"
    conversation = Conversation.objects.filter(
        public_id=conversation_id, property=home, source=Conversation.Source.API
    ).first()
    if conversation is None:
        raise Http404
    return conversation.visitor


async def _whole(turn: Turn) -> dict[str, Any]:
    making = Answer(turn)
    async for _event in making.events():
        pass
    if making.failure:
        raise making.failure
    answer = turn.answer
    return {
        "conversation_id": str(turn.conversation.public_id),
        "message": {
            "id": str(answer.public_id),
            "text": answer.text,
            "state": answer.state,
            "facts": answer.facts,
        },
    }
