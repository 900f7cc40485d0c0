from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from chat.api import ChatView
from config.openapi import Docs, Schema, nothing_here
from properties.api import PropertyViewSet

router = SimpleRouter()
router.register("properties", PropertyViewSet)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("v1/chat/", ChatView.as_view(), name="api-chat"),
    path("chat/openai", ChatView.as_view(), name="api-chat-alias"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    # Everything else below /api/ is answered in the API's own shape, not by the site's page.
    re_path(r"", nothing_here),
]
