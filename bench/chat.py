"""The chat's first words, against calling the provider directly with the same request, through real sockets."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from agencies.models import Agency
from agencies.scope import agency_scope
from bench.stage import ENGINE_KEY, Place
from bench.timing import HEADINGS, compare
from chat.briefing import write_briefing
from chat.provider import provider_of
from chat.record import read_record
from chat.tools import schemas
from properties.models import Property

QUESTIONS = {
    "one round, a core fact": "How many bedrooms does it have?",
    "two rounds, with a tool": "How high is the property tax?",
}
ROUNDS, WARM_UP = 60, 8
START_SECONDS = 60


def run(place: Place) -> None:
    # Each with a connection kept open, as a browser and a client have it.
    site = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(place.site_port)]
    with (
        _serving(place, [sys.executable, "-m", "engine"], place.engine_port),
        _serving(place, [*site, "--log-level", "error"], place.site_port),
    ):
        print(f"\nChat: first words of {ROUNDS} answers of each, engine and site in their own processes\n{HEADINGS}")
        agency = Agency.objects.order_by("pk")[0]
        with agency_scope(agency):
            home = Property.objects.published().order_by("pk")[0]
        for name, question in QUESTIONS.items():
            ours, direct = Ours(place, agency, home, question), Direct(place, agency, home, question)
            print(compare(ours.ask, direct.ask, ROUNDS, WARM_UP).row(name))


class Direct:
    """The request that our chat sends in its first round, sent by hand."""

    def __init__(self, place: Place, agency: Agency, home: Property, question: str) -> None:
        with agency_scope(agency):
            record = read_record(agency, home, agency.locale)
            messages = [
                {"role": "system", "content": write_briefing(record, agency, record.today)},
                {"role": "user", "content": question},
            ]
            body: dict[str, Any] = {"model": provider_of(agency).model, "messages": messages, "stream": True}
            body |= {"tools": schemas(record), "tool_choice": "auto"}
        self.body = json.dumps(body).encode()
        self.connection = http.client.HTTPConnection("127.0.0.1", place.engine_port, timeout=30)

    def ask(self) -> float:
        headers = {"Authorization": f"Bearer {ENGINE_KEY}", "Content-Type": "application/json"}
        start = time.perf_counter()
        self.connection.request("POST", "/v1/chat/completions", self.body, headers)
        return _first(self.connection, start, re.compile(rb'"content": ?"[^"]|"tool_calls"'))


class Ours:
    """A visitor without a past asks on the tour page; opening the page is not counted."""

    def __init__(self, place: Place, agency: Agency, home: Property, question: str) -> None:
        self.address, self.question = f"/{agency.slug}/{home.slug}/", question
        self.connection = http.client.HTTPConnection("127.0.0.1", place.site_port, timeout=30)
        self.cookie, self.token = self._open_page()

    def ask(self) -> float:
        form = {"text": self.question, "client_id": uuid.uuid4(), "csrfmiddlewaretoken": self.token}
        headers = {
            "Accept": "text/event-stream",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
        }
        body = urlencode(form)
        start = time.perf_counter()
        self.connection.request("POST", f"{self.address}chat/", body, headers)
        return _first(self.connection, start, re.compile(rb"^event: ?delta"))

    def _open_page(self) -> tuple[str, str]:
        self.connection.request("GET", self.address)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if answer.status != 200 or token is None:
            raise SystemExit(f"{self.address} answered {answer.status}, without a form to ask in.")
        cookies = answer.headers.get_all("Set-Cookie", [])
        return "; ".join(cookie.partition(";")[0] for cookie in cookies), token[1]


def _first(connection: http.client.HTTPConnection, start: float, wanted: re.Pattern[bytes]) -> float:
    """Milliseconds until the first line that matches; the rest is read too, so that the next can be asked."""
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"The answer was {answer.status}: {answer.read()[:300]!r}")
    found = 0.0
    for line in answer:
        if not found and wanted.search(line):
            found = (time.perf_counter() - start) * 1000
    if not found:
        raise SystemExit("The answer had no words in it.")
    return found


@contextmanager
def _serving(place: Place, command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, env=place.environment, stdout=subprocess.DEVNULL)
    try:
        _wait(process, f"http://127.0.0.1:{port}/healthz")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{address} does not answer.")
