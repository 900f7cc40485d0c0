"""The default conversation: items in order, and the bound on how many and how much sound they hold."""

from __future__ import annotations

from collections.abc import Iterator

from engine.realtime.errors import invalid, refused
from engine.realtime.items import Item
from engine.realtime.limits import Limits
from engine.realtime.outbox import Outbox, new_id

ROOT = "root"


class Conversation:
    def __init__(self, outbox: Outbox, limits: Limits) -> None:
        self.id = new_id("conv")
        self._outbox = outbox
        self._limits = limits
        self._items: list[Item] = []
        self._by_id: dict[str, Item] = {}

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: Item) -> bool:
        return self._by_id.get(item.id) is item

    @property
    def last_id(self) -> str | None:
        return self._items[-1].id if self._items else None

    def get(self, item_id: str, param: str) -> Item:
        if item := self._by_id.get(item_id):
            return item
        raise refused("item_not_found", f"There is no item '{item_id[:64]}' in this conversation.", param)

    def check_new(self, item: Item, after: str | None) -> None:
        """Everything that could keep a client's item out, before anything changes."""
        if item.id in self._by_id:
            raise invalid("item.id", f"the conversation already has an item '{item.id}'.")
        if after is not None and after != ROOT:
            self.get(after, "previous_item_id")
        if item.type == "function_call" and item.call_id in self.call_ids():
            raise invalid("item.call_id", f"the conversation already has a function call '{item.call_id}'.")
        if item.type == "function_call_output" and item.call_id not in self.call_ids():
            raise invalid("item.call_id", f"there is no function call '{item.call_id}' in this conversation.")

    def call_ids(self) -> set[str]:
        return {item.call_id for item in self._items if item.type == "function_call"}

    def add(self, item: Item, after: str | None = None) -> None:
        """At the end, or after the item with that id; `root` is the front. Says `added`, and `done` where it is."""
        place = len(self._items)
        if after == ROOT:
            place = 0
        elif after is not None:
            place = self._items.index(self._by_id[after]) + 1
        self._items.insert(place, item)
        self._by_id[item.id] = item
        self._tell("added", item)
        if item.status != "in_progress":
            self._tell("done", item)
        self._make_room(item)

    def finish(self, item: Item) -> None:
        """An item that was being made is final; unless it was deleted meanwhile."""
        if item in self:
            self._tell("done", item)
            self._make_room(item)

    def remove(self, item: Item) -> None:
        self._items.remove(item)
        del self._by_id[item.id]
        self._outbox.emit("conversation.item.deleted", item_id=item.id)

    def _tell(self, what: str, item: Item) -> None:
        place = self._items.index(item)
        before = self._items[place - 1].id if place else None
        self._outbox.emit(f"conversation.item.{what}", previous_item_id=before, item=item.as_object())

    def _make_room(self, newest: Item) -> None:
        """The oldest leave first, but never one that is being made or listened to."""
        if len(self._items) > self._limits.items:
            busy = (newest, *(item for item in self._items if item.unheard or item.status == "in_progress"))
            for item in [each for each in self._items if each not in busy][: len(self._items) - self._limits.items]:
                self.remove(item)
        if newest.sound is None:
            return
        sounds = [sound for item in self._items if (sound := item.sound) is not None and sound.audio]
        excess = sum(len(part.audio) for part in sounds) - self._limits.kept_audio_bytes
        for part in sounds:
            if excess <= 0:
                break
            if part is not newest.sound:
                excess -= len(part.audio)
                part.audio = b""
