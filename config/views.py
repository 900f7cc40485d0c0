from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from agencies.models import Agency


def home(request: HttpRequest) -> HttpResponse:
    """The agencies of this platform."""
    return render(request, "home.html", {"agencies": Agency.objects.filter(is_active=True)})


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive, and able to reach the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def add_slash(request: HttpRequest, slug: str) -> HttpResponseRedirect:
    """`/agency` → `/agency/`, which the agency's own urls answer."""
    return HttpResponseRedirect(f"/{slug}/")
