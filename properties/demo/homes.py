"""One home from its file, through the verbs that staff use: full_clean, add_photo, publish, change_price."""

from __future__ import annotations

import io
import json
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from properties.models import (
    Hotspot,
    KnowledgeEntry,
    Media,
    OpenHouse,
    Property,
    PropertyPrivate,
    Room,
    TourLink,
    TourNode,
)

from .drawings import draw

FOLDER = Path(__file__).parent
SATURDAY = 5


def load_home(name: str, agency: Agency, by: User) -> bool:
    """In the scope of its agency; False when the home is there already, and then nothing is touched."""
    if Property.objects.filter(slug=name).exists():
        return False
    with transaction.atomic():
        Loading(_read(name), agency, by).load()
    return True


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        (FOLDER / "homes" / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal
    )
    return data


class Loading:
    """The file's parts, row by row. A date in a file is `{"days": -30}`: so many days from the day of loading."""

    def __init__(self, data: dict[str, Any], agency: Agency, by: User) -> None:
        self.data = data
        self.by = by
        self.zone = ZoneInfo(agency.time_zone)
        self.today = timezone.now().astimezone(self.zone).date()
        self.rooms: dict[str, Room] = {}
        self.media: dict[str, Media] = {}
        self.nodes: dict[str, TourNode] = {}

    def load(self) -> None:
        self.home = self._home()
        for order, row in enumerate(self.data["rooms"]):
            self.rooms[row["key"]] = self._save(Room(property=self.home, order=order, **self._dated(row)))
        for order, row in enumerate(self.data["media"]):
            self._picture(order, row)
        for order, row in enumerate(self.data["nodes"]):
            self._node(order, row)
        for row in self.data["nodes"]:
            self._links(row)
        for order, row in enumerate(self.data["knowledge"]):
            self._entry(order, row)
        for row in self.data["open_houses"]:
            self._open_house(row)
        PropertyPrivate.objects.create(property=self.home, **self._dated(self.data["private"]))
        self._publish()

    def _home(self) -> Property:
        home = Property(slug=self.data["slug"], **self._dated(self.data["property"]))
        home.verified_at = timezone.now() - timedelta(days=self.data["verified_days_ago"])
        home.changed_by = self.by
        self._save(home)
        return home

    def _picture(self, order: int, row: dict[str, Any]) -> None:
        row = dict(row)
        file, room = row.pop("file"), row.pop("room", None)
        path = FOLDER / "pictures" / self.data["slug"] / file
        stream = io.BytesIO(path.read_bytes() if path.exists() else draw(self.data, file))
        self.media[file] = self.home.add_photo(
            stream, order=order, room=self.rooms[room] if room else None, media_alteration=["none"], **row
        )

    def _node(self, order: int, row: dict[str, Any]) -> None:
        fields = {name: value for name, value in row.items() if name not in {"file", "links", "hotspots", "room"}}
        room = self.rooms[row["room"]] if "room" in row else None
        node = TourNode(property=self.home, order=order, media=self.media[row["file"]], room=room, **fields)
        self.nodes[row["key"]] = self._save(node)

    def _links(self, row: dict[str, Any]) -> None:
        node = self.nodes[row["key"]]
        for there, yaw, pitch in row["links"]:
            target = self.nodes[there]
            self._save(TourLink(from_node=node, to_node=target, yaw=yaw, pitch=pitch, label=target.name))
        for label, yaw, pitch, text, *fact in row.get("hotspots", []):
            self._save(Hotspot(node=node, label=label, yaw=yaw, pitch=pitch, text=text, fact="".join(fact)))

    def _entry(self, order: int, row: dict[str, Any]) -> None:
        """Approved by the agency's owner, unless the file says otherwise."""
        row = self._dated(row)
        room, approved = row.pop("room", None), row.pop("approved", True)
        entry = KnowledgeEntry(property=self.home, order=order, room=self.rooms[room] if room else None, **row)
        self._save(entry)
        if approved:
            entry.approve(self.by)

    def _open_house(self, row: dict[str, Any]) -> None:
        """On a Saturday, so many weeks after the day of loading."""
        row = dict(row)
        to_saturday = (SATURDAY - self.today.weekday()) % 7 or 7
        day = self.today + timedelta(days=to_saturday + 7 * row.pop("weeks"))
        start, end = (datetime.combine(day, time.fromisoformat(row.pop(name)), self.zone) for name in ("start", "end"))
        self._save(OpenHouse(property=self.home, start=start, end=end, **row))

    def _publish(self) -> None:
        if not self.data["publish"]:
            return
        self.home.publish(self.by)
        for price in self.data.get("price_changes", []):
            self.home.change_price(Decimal(price), self.by)

    def _save(self, row: Any) -> Any:
        row.full_clean()
        row.save()
        return row

    def _dated(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: self._date(value) for name, value in row.items()}

    def _date(self, value: Any) -> Any:
        return self.today + timedelta(days=value["days"]) if isinstance(value, dict) else value
