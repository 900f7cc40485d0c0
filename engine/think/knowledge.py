"""Which of the entries that a tool returned, if any, is really about the question."""

import re
from collections import Counter
from collections.abc import Sequence

from engine.think.ask import Ask
from engine.think.findings import Entry
from engine.think.lexicon import Lexicon
from engine.think.words import light, same_root, tokens

_MONEY = re.compile(r"[$€£]|\b(euros?|dollars?|pounds?|eur|usd|gbp)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[6-9]|20)\d\d\b")
ENOUGH = 0.6
IN_ANSWER = 0.7
FREQUENT = 0.5
RARE = 5
_PEOPLE = {"agenc", "agent", "propietari", "eigentum", "verkauf", "makl"}
_WEAK = {"any", "what", "how", "yesno", "which", "kind"}
_MEASURED = {"size", "height", "count"}
_FIGURES = {"amount", "age", "when", "distance", "size", "height", "count", "duration", "often"}
_KIN = (
    {"age", "when"},
    {"duration", "when", "often"},
    {"distance", "where", "duration"},
    {"amount", "count", "size"},
    {"size", "height", "distance"},
    {"quality", "amount"},
    {"where", "level"},
)


def choose(ask: Ask, entries: Sequence[Entry], words: Lexicon) -> Entry | None:
    """The entry that holds most of the question's words, rare ones counting more; None below ENOUGH."""
    if not ask.words:
        return None
    read = [(_roots(entry.question, words), _roots(entry.answer, words)) for entry in entries]
    seen = Counter(root for root in ask.words for asked, _ in read if _has(asked, root))
    best: tuple[float, Entry] | None = None
    for entry, (asked, answered) in zip(entries, read, strict=True):
        wanted = _wanted(ask, entry, asked | answered, words)
        score = _coverage(wanted, asked, answered, seen) * _fit(ask, entry, words)
        if len(ask.words) == 1 and not _has(asked, wanted[0]) and not _is_named(ask, entry, words):
            continue
        if len(ask.words) == 1 and _content(entry.question, words) > 2 and not _has(answered, wanted[0]):
            score *= 0.8
        if len(ask.words) == 1 and ask.type in _MEASURED and _is_another(wanted[0], entry, words):
            score *= 0.5
        if score >= ENOUGH and (best is None or score > best[0]):
            best = (score, entry)
    return best[1] if best else None


def _wanted(ask: Ask, entry: Entry, held: set[str], words: Lexicon) -> list[str]:
    """The question's words as this entry would put them: of two alternatives the one that it has, and for
    a general word ("utilities") the special one."""
    wanted = [word for word in ask.words if not (word in ask.either and not _has(held, word))]
    if not any(word in ask.either for word in wanted):
        wanted = list(ask.words)
    dates = ("when", "age")
    if (ask.type in dates or _kind(entry, words) in dates) and len(wanted) > 1:
        wanted = [word for word in wanted if word not in words.origin] or wanted
    return [word if _has(held, word) else _special(word, held, words) for word in wanted]


def _is_another(word: str, entry: Entry, words: Lexicon) -> bool:
    """Whether the entry is about one kind of the thing ("geothermal wells") when just the thing is asked for."""
    said = tokens(entry.question)
    place = next((place for place, one in enumerate(said) if same_root(words.root(one), word)), 0)
    before = light(said[place - 1], words.language) if place else ""
    small = words.neutral | {light(one, words.language) for one in words.detect} | words.types.words()
    return bool(before) and before not in small and not same_root(words.root(before), word)


def _special(word: str, held: set[str], words: Lexicon) -> str:
    return next((one for one in words.covers.get(word, ()) if _has(held, one)), word)


def _kind(entry: Entry, words: Lexicon) -> str:
    return words.type_of(words.stems(tokens(entry.question)))


def _is_named(ask: Ask, entry: Entry, words: Lexicon) -> bool:
    """Whether one rare word is enough to find a thing in an answer to something else ("irrigation")."""
    is_alike = ask.type == "yesno" or (ask.type == "size" and _kind(entry, words) == "size")
    return is_alike and len(ask.words[0]) >= RARE and ask.words[0] not in _PEOPLE


def _roots(text: str, words: Lexicon) -> set[str]:
    return {words.root(token) for token in tokens(text)}


def _content(text: str, words: Lexicon) -> int:
    return len({word for word in tokens(text) if light(word, words.language) not in words.neutral})


def _has(roots: set[str], root: str) -> bool:
    return any(same_root(one, root) for one in roots)


def _coverage(wanted: Sequence[str], asked: set[str], answered: set[str], seen: Counter[str]) -> float:
    total = found = 0.0
    in_question = False
    for root in wanted:
        weight = FREQUENT if seen[root] > 2 else 1.0
        total += weight
        if _has(asked, root):
            found += weight
            in_question = True
        elif _has(answered, root):
            found += weight * IN_ANSWER
    if not in_question and found < total * IN_ANSWER:
        return 0.0
    return found / total


def _fit(ask: Ask, entry: Entry, words: Lexicon) -> float:
    """Whether the entry answers a question of this type, and not another about the same thing."""
    if ask.type in _WEAK:
        return 1.0
    kind = _kind(entry, words)
    if ask.type == "age" and kind == "when" and not _is_origin(ask, entry, words):
        return 0.3
    if kind == ask.type or any({kind, ask.type} <= kin for kin in _KIN):
        return 1.0
    if kind not in _WEAK:
        return 0.3
    has_figure = any(char.isdigit() for char in entry.answer)
    if ask.type == "age":
        return 1.0 if _YEAR.search(entry.answer) else 0.5
    if ask.type == "amount":
        priced = _has(_roots(entry.question, words), words.root("cost")) or _MONEY.search(entry.answer)
        return 1.0 if has_figure and priced else 0.5
    if ask.type in _FIGURES:
        return 1.0 if has_figure else 0.5
    return 0.7


def _is_origin(ask: Ask, entry: Entry, words: Lexicon) -> bool:
    """Whether the entry tells since when a thing is there, and not when it was last looked after."""
    small = words.neutral | {light(word, words.language) for word in words.detect}
    content = {words.root(word) for word in tokens(entry.question) if light(word, words.language) not in small}
    kinds = {word for match in words.types.find(words.stems(tokens(entry.question))) for word in (match.name,)}
    others = [word for word in content if not _has(set(ask.words), word)]
    return bool(kinds) and all(_has(words.origin, word) for word in others)
