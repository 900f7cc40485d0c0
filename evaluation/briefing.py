"""The briefing of `chat/briefing.py` over a listing's file, without Django; a test holds the two together."""

from collections import Counter
from typing import Any

from chat.rules import heading, rules, table


def write_briefing(home: Any) -> str:
    counts = sorted(Counter(entry.category for entry in home.knowledge).items())
    tables = [
        table("Facts (key | label | value)", ((row["key"], row["label"], row["written"]) for row in home.core())),
        table("Rooms (key | name | details)", ((row["key"], row["name"], row["details"]) for row in home.rooms)),
        table("Not stated by the listing (key | label)", ((row["key"], row["label"]) for row in home.not_stated)),
        table("More facts by get_facts (key | label)", ((row["key"], row["label"]) for row in home.fetchable())),
        table("Knowledge by get_knowledge (category | entries)", ((name, str(n)) for name, n in counts)),
    ]
    told = rules(home.locale, home.persona, home.status, takes_viewings=home.takes_viewings)
    return "\n".join([heading(home.agency, home.locale, home.today), told, "".join(tables)])
