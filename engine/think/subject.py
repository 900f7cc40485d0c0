"""What a clause is about: facts of the record, a room, or something that has to be looked up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.think.ask import Ask
from engine.think.follow_up import SMALL, Subject, fact_ask, follow_up, is_part, named_again, points_back
from engine.think.lexicon import Match
from engine.think.topics import ANSWERS, TOPICS, Topic
from engine.think.words import light, numbers_in, tokens

if TYPE_CHECKING:
    from engine.think.reader import Reader

# Topics that often only name the home ("does this townhouse have …"): others in the clause win.
WEAK = {"standard_status", "property_type", "public_remarks", "country", "address", "is_new_construction"}
# Topics whose phrases name things of their own among the many that the fact lists.
LISTS = {
    "appliances",
    "interior_features",
    "exterior_features",
    "security_features",
    "accessibility_features",
    "laundry_features",
    "patio_and_porch_features",
    "association_amenities",
    "listing_terms",
    "utilities",
}
# Topics that a room of the same name answers better than their facts.
_PLACES = {"patio_and_porch_features", "basement", "laundry_features", "interior_features"}
_PRICE = re.compile(r"pric|rent|asking|list|sale|preci|alquil|prei|miet")
_INCLUDES = {"rent_includes", "association_fee_includes"}
_SUPPLIES = {"water_source", "sewer", "utilities", "heating", "electric"}
_RENT = re.compile(r"rent|miet|kaltmiet|warmmiet|alquil")
_ROOM_TYPES = {"size", "level", "where", "height"}


_LONG = {"pool_features", "fencing", "patio_and_porch_features", "parking_features"}
_ONE_OF = {"appliances", "heating", "flooring", "cooling", "roof"}
_HOW_LONG = re.compile(r"^how long (is|are) the (\w+ )?\w+$")


def decide(
    reader: Reader, clause: str, stems: list[str], matches: list[Match], kind: str, previous: Subject | None
) -> list[Ask]:
    matches = without_choices(reader, stems, _without_descriptions(reader, stems, matches))
    if kind == "duration" and matches and all(match.name in _LONG for match in matches):
        kind = "size" if _HOW_LONG.match(" ".join(tokens(clause))) else kind
    if price := _costs(stems, matches):
        matches = [match for match in matches if match != price]
        kind = "amount"
    taken = set(stems[price.start : price.end]) if price else set()
    rest = [stem for stem in reader.rest(stems, matches) if stem not in taken]
    words = _roots(reader, stems, matches, rest)
    base = Ask("open", clause, type=kind, words=words, numbers=numbers_in(clause), either=_either(reader, stems))
    if not matches and not rest:
        return follow_up(reader, base, stems, previous)
    if points_back(clause, matches, rest) and previous and (previous.rooms or is_part(previous.topic)):
        return follow_up(reader, base, stems, previous)
    topics = [match for match in matches if match.kind in ("topic", "fact")]
    if not matches and previous and (named := named_again(reader, clause, previous)):
        return decide(reader, named, reader.stems(named), reader.matches(reader.stems(named)), kind, None)
    if any(match.kind == "open" for match in matches) or not matches:
        return [base] if matches or _asks(reader, clause, stems, kind, rest) else [Ask("talk", clause, "unclear")]
    rooms = [match for match in matches if match.kind == "room"]
    is_place = kind in _ROOM_TYPES or all(match.name in _PLACES for match in topics)
    if rooms and not topics and kind == "duration":
        base = replace(base, type="size")  # "how long is the kitchen?"
    if reader.words.says("describes", " ".join(tokens(clause))):
        is_place |= bool(reader.record.rooms_like(room.name for room in rooms))
    if rooms and (not topics or (is_place and _same_place(rooms, topics))):
        return [_of_room(reader, base, stems, rooms, rest, topics)]
    return _of_topics(reader, base, stems, topics, rooms, rest)


def _either(reader: Reader, stems: list[str]) -> tuple[str, ...]:
    """The words on both sides of an "or"."""
    for place, stem in enumerate(stems[1:-1], 1):
        if stem in ("or", "o", "oder"):
            return tuple(reader.words.root(stems[beside]) for beside in (place - 1, place + 1))
    return ()


def without_choices(reader: Reader, stems: list[str], matches: list[Match]) -> list[Match]:
    """Without the two that an "or" offers, when what they are offered for is named ("gas or electric stove")."""
    places = [place for place, stem in enumerate(stems) if stem in ("or", "o", "oder")]
    beside = {place + step for place in places for step in (-1, 1)}
    asked = [match for match in matches if not set(range(match.start, match.end)) <= beside]
    return asked if any(match.name in _ONE_OF for match in asked) else matches


def _without_descriptions(reader: Reader, stems: list[str], matches: list[Match]) -> list[Match]:
    """Without what only describes the home while another thing is asked ("this 3 bedroom house")."""
    topics = [match for match in matches if match.kind in ("topic", "fact", "open")]
    strong = [match for match in topics if match.name not in WEAK]
    if strong and len(topics) > 1:
        matches = [match for match in matches if match.kind == "room" or match.name not in WEAK]
    if any(match.name in _INCLUDES for match in matches):
        matches = [match for match in matches if match.name not in _SUPPLIES]
    stays = reader.words.says("stays", " ".join(stems)) and bool(reader.record.label("inclusions"))
    if any(match.name in LISTS for match in matches) and not stays:
        matches = [match for match in matches if match.name != "inclusions"] or matches
    asked = [match for match in matches if not _is_described(stems, match)]
    return asked if any(match.kind != "room" for match in asked) and len(matches) > 1 else matches


def _costs(stems: list[str], matches: list[Match]) -> Match | None:
    """A match of the price that asks what another match costs ("what does parking cost?")."""
    others = [match for match in matches if match.kind in ("topic", "fact", "open")]
    prices = [match for match in others if match.name == "list_price"]
    if len(others) < 2:
        return None
    return next((one for one in prices if not _PRICE.search(" ".join(stems[one.start : one.end]))), None)


def _is_described(stems: list[str], match: Match) -> bool:
    return match.start > 0 and stems[match.start - 1][0].isdigit() and match.name in ("bedrooms_total", "bedroom")


def _roots(reader: Reader, stems: list[str], matches: list[Match], rest: list[str]) -> tuple[str, ...]:
    """Content of the clause for comparing with entries: uncovered words, and all words of the phrases."""
    found = [stems[place] for match in matches for place in range(match.start, match.end)]
    small = SMALL | {light(word, reader.language) for word in reader.words.detect}
    found = [stem for stem in found if stem not in small] or found
    content = [stem for stem in found if stem not in reader.words.neutral] or found
    if any(match.kind == "open" for match in matches):
        content = found
    return tuple(dict.fromkeys(reader.words.root(stem) for stem in [*content, *rest]))


def _asks(reader: Reader, clause: str, stems: list[str], kind: str, rest: list[str]) -> bool:
    """Whether words without a known subject are a question at all and not noise."""
    known = [stem for stem in rest if stem in reader.words.known or stem in reader.also_known]
    if kind != "any" and rest:
        return True
    return bool(known) or reader.words.says("nearly_question", " ".join(tokens(clause)))


def _same_place(rooms: list[Match], topics: list[Match]) -> bool:
    spans = {(match.start, match.end) for match in rooms}
    return all((match.start, match.end) in spans for match in topics)


def _of_room(
    reader: Reader, base: Ask, stems: list[str], rooms: list[Match], rest: list[str], topics: list[Match]
) -> Ask:
    found = reader.record.rooms_like(match.name for match in rooms)
    names = tuple(room.key for room in found)
    words = tuple(reader.words.exact(stem) for stem in rest)
    if not names and topics:
        return _of_topic(reader, base, stems, topics[0], rest)
    if len(rooms) > 1 and not all(reader.record.rooms_like([room.name]) for room in rooms if _apart(room, rooms[0])):
        return replace(base, rooms=names)
    if names:
        return replace(base, kind="room", name=rooms[0].name, rooms=names, thing=words)
    return replace(base, name=rooms[0].name)


def _narrows(reader: Reader, stems: list[str], matches: list[Match], rest: list[str], kind: str) -> bool:
    """Whether a word that we do not know says something of the topic instead of praising the home."""
    last = max(match.end for match in matches)
    for place in range(last, len(stems)):
        if stems[place] in rest and (
            kind == "yesno" or set(stems[max(last, place - 3) : place]) & reader.words.narrowing
        ):
            return True
    return False


def _apart(one: Match, other: Match) -> bool:
    return one.start >= other.end or other.start >= one.end


def _of_topics(
    reader: Reader, base: Ask, stems: list[str], matches: list[Match], rooms: list[Match], rest: list[str]
) -> list[Ask]:
    """One fact, several in a row ("beds baths price"), or a question that only a look-up can answer."""
    apart = [room for room in rooms if not _same_place([room], matches[:1])]
    single = _merged(reader, matches)
    in_row = len(single) > 1 and not rest and _is_row(stems, matches, base.type)
    if len(single) == 1 or in_row:
        asks = [_of_topic(reader, base, stems, match, rest) for match in single]
        if apart and not in_row and asks[0].kind == "fact":
            names = reader.record.rooms_like(room.name for room in apart)
            return [replace(asks[0], kind="open", rooms=tuple(room.key for room in names))]
        return asks
    keys = tuple(key for match in single for key in _keys(reader, match))
    return [replace(base, name="", keys=keys)]


def _merged(reader: Reader, matches: list[Match]) -> list[Match]:
    """One match for each topic; matches that lead to the same keys are one."""
    kept: dict[tuple[str, ...], Match] = {}
    spans = {(match.start, match.end) for match in matches if match.kind == "topic"}
    for match in matches:
        if match.kind == "fact" and (match.start, match.end) in spans:
            continue
        keys = _keys(reader, match) or (match.name,)
        if not any(set(keys) & set(other) for other in kept):
            kept[keys] = match
    return list(kept.values())


def _keys(reader: Reader, match: Match) -> tuple[str, ...]:
    if match.kind == "fact":
        return (match.name,)
    return tuple(reader.record.keys_of(TOPICS[match.name])) if match.name in TOPICS else ()


def _is_row(stems: list[str], matches: list[Match], kind: str) -> bool:
    """Nothing but small joints stands between the topics."""
    joints = {"and", "or", "the", "a", "its", "y", "o", "el", "la", "los", "las", "und", "oder", "die", "der", "das"}
    joints |= {"plus", "also", "any", "number", "with"}
    inner = range(matches[0].start, matches[-1].end)
    if kind == "yesno" and not joints & {stems[place] for place in inner}:
        return False
    covered = {place for match in matches for place in range(match.start, match.end)}
    return all(place in covered or stems[place] in joints for place in inner)


def _of_topic(reader: Reader, base: Ask, stems: list[str], match: Match, rest: list[str]) -> Ask:
    if match.kind == "fact" and match.name not in TOPICS:
        ask = replace(base, kind="fact", name=match.name, keys=(match.name,))
        return ask if not rest else _qualified(reader, ask, rest, _narrows(reader, stems, [match], rest, base.type))
    topic = TOPICS.get(match.name)
    if topic is None or _is_rent_of_a_sale(reader, stems, match):
        return base
    if topic.name == "parking_total" and base.type in ("where", "how", "kind"):
        topic = TOPICS["parking_features"]
    ask = fact_ask(reader, base, topic)
    if topic.name in LISTS and not reader.is_foreign:
        ask = replace(ask, thing=_thing(reader, stems, match, topic))
    if base.type not in ANSWERS[topic.kind]:
        return replace(ask, kind="open")
    if base.either and topic.name in _ONE_OF:
        return ask
    if rest:
        return _qualified(reader, ask, rest, _narrows(reader, stems, [match], rest, base.type))
    return ask


def _is_rent_of_a_sale(reader: Reader, stems: list[str], match: Match) -> bool:
    """Rent asked of a home with a price of sale, which is no answer to that."""
    price = reader.record.facts.get("list_price")
    names_rent = any(_RENT.match(stem) for stem in stems[match.start : match.end])
    is_sale = price is not None and price.value[-1:].isdigit()
    return match.name == "list_price" and names_rent and is_sale


def _thing(reader: Reader, stems: list[str], match: Match, topic: Topic) -> tuple[str, ...]:
    """The words of a thing that the topic's own name does not hold."""
    own = {reader.words.exact(word) for word in tokens(topic.name.replace("_", " "))}
    for key in topic.keys:
        own |= {reader.words.exact(word) for word in tokens(reader.record.label(key))}
    words = [stems[place] for place in range(match.start, match.end)]
    named = [reader.words.exact(word) for word in words if word not in reader.words.neutral]
    if own & set(named):
        others = [word for word in words if reader.words.exact(word) not in own]
        return tuple(reader.words.exact(word) for word in others if reader.words.root(word) in reader.words.real)
    return tuple(named)


def _qualified(reader: Reader, ask: Ask, rest: list[str], narrows: bool) -> Ask:
    """A fact asked for with words of which we do not know whether they matter."""
    if reader.record.value_has(ask.keys, rest, reader.language):
        return ask
    roots = tuple(reader.words.root(stem) for stem in rest)
    matters = any(root in reader.words.real for root in roots) or any(stem in reader.also_known for stem in rest)
    is_permission = ask.type == "yesno" and reader.words.says("permission", " ".join(tokens(ask.text)))
    if matters or narrows or is_permission or ask.type in ("who", "why", "brand", "quality"):
        return replace(ask, kind="open", thing=tuple(reader.words.exact(stem) for stem in rest))
    return replace(ask, type="any")
