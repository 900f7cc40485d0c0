"""The system message, read with tolerance: our briefing's columns as well as plain `Label: value` lines."""

import re
from dataclasses import dataclass, field
from datetime import date

from engine.think.lexicon import LANGUAGES, lexicon

ADMISSIONS = {
    "en": "The listing does not say.",
    "es": "El anuncio no lo indica.",
    "de": "Das steht nicht im Exposé.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    label: str
    value: str
    source: str = ""
    as_of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    key: str
    name: str
    details: str = ""
    description: str = ""
    as_of: str = ""


@dataclass(slots=True)
class Briefing:
    language: str = ""
    month_first: bool = True  # how dates such as 12/5 are read
    today: date | None = None
    admission: str = ""
    facts: list[Fact] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    not_stated: list[Fact] = field(default_factory=list)
    more: list[Fact] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    agency: str = ""
    takes_viewings: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.rooms or self.more or self.prose)


_HEADINGS = (
    ("rules", r"\b(rules?|instructions?|guidelines?|reglas|regeln|tools?)\b\W*$"),
    ("not_stated", r"not (stated|given)|unknown|missing|no indicad|nicht angegeben|keine angabe"),
    ("more", r"more facts|get_facts|mas datos|más datos|weitere (fakten|angaben)"),
    ("knowledge", r"knowledge|get_knowledge|conocimient|wissen"),
    ("rooms", r"^\W*(the )?(rooms?|estancias|habitaciones|räume|zimmer)\b"),
    ("facts", r"facts?|details|listing|property|home|datos|fakten|angaben|objekt|anuncio|inmueble"),
)
_LINE = re.compile(r"^\s*[-*•]\s+(.*)$")
_PLAIN = re.compile(r"^([^:|]{2,48}):\s+(\S.*)$")
_LANGUAGE = re.compile(r"\b(?:answer|reply|respond|speak|write)s?(?: only)? in:?\s+([A-Za-z]+)", re.IGNORECASE)
_DAY_FIRST = re.compile(r"\bin:?\s+(?:en-(?!US)[A-Z]{2}|es|de)\b")
_TODAY = re.compile(r"\btoday(?:'s date)?(?: is)?:?\s+(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_AGENCY = re.compile(r"\b(?:for|of) (?:the )?agency,? ([^\n.|]+?)(?:[.,\n|]|$)", re.MULTILINE)
_NAMES = {"english": "en", "spanish": "es", "espanol": "es", "german": "de", "deutsch": "de", "castellano": "es"}
_RESERVED = re.compile(
    r"^(answer|reply|respond|today|date|language|rules?|role|tone|style|you|note|important|system|instructions?"
    r"|task|persona|goal|agency rules?|idioma|sprache|hoy|heute)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(you|your|answer|must|never|always|tool|call|ignore|instructions?|assistant|prompt)\b", re.IGNORECASE
)
_ORDER_IN_DATA = re.compile(
    r"\b(ignore|disregard|forget|override)\b.{0,40}\b(instruction|rule|prompt|previous|above)|\byou (must|should|are"
    r" now|will)\b|\b(system|assistant|developer)\s*:"
    r"|\b(tell|inform|assure) (the |every )?(visitor|buyer|user|customer)"
    r"|<\|?|\bprompt\b|\b(ignora|olvida)\b.{0,30}instruc|\bignorier\w*\b.{0,30}(anweis|regel)|\bAI (must|should)\b",
    re.IGNORECASE,
)


def without_orders(text: str) -> str:
    """Data is quoted, never obeyed: sentences that give orders to a machine are not even quoted."""
    if not _ORDER_IN_DATA.search(text):
        return text
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    return " ".join(part for part in sentences if not _ORDER_IN_DATA.search(part)).strip()


def read_briefing(text: str) -> Briefing:
    briefing = Briefing(language=_language(text), month_first=not _DAY_FIRST.search(text), today=_today(text))
    section, names = "intro", list[str]()
    for line in text.splitlines():
        if not line.strip():
            continue
        heading = _heading(line)
        if heading:
            section, names = heading, _column_names(line)
            continue
        _take(briefing, section, line.rstrip(), names)
    briefing.admission = _admission(text, briefing.language)
    if match := _AGENCY.search(text):
        briefing.agency = match.group(1).strip()
    briefing.takes_viewings = not re.search(r"\bno viewings\b", text, re.IGNORECASE)
    return briefing


def _heading(line: str) -> str | None:
    """A line that ends with a colon (or starts with `#`) and carries no value."""
    text = line.strip().strip("*")
    if not (text.endswith(":") or text.startswith("#")) or _LINE.match(line):
        return None
    lowered = text.lower().rstrip(":")
    return next((name for name, pattern in _HEADINGS if re.search(pattern, lowered)), "facts")


def _column_names(heading: str) -> list[str]:
    """Of a table whose heading names them: "Facts (key | label | value | as of):"."""
    named = re.search(r"\(([^()]*\|[^()]*)\)", heading)
    return [name.strip().lower() for name in named[1].split("|")] if named else []


def _take(briefing: Briefing, section: str, line: str, names: list[str]) -> None:
    if section in ("rules", "knowledge") or re.match(r"^\s*\d+[.)]\s", line):
        return
    item = _LINE.match(line)
    text = item.group(1) if item else line.strip()
    columns = [column.strip() for column in text.split("|")]
    if len(columns) >= 2:
        as_of = dict(zip(names, columns, strict=False)).get("as of", "")
        _take_columns(briefing, section, columns, without_orders(as_of))
    elif plain := _PLAIN.match(text):
        label, value = plain.group(1).strip(), plain.group(2).strip()
        if section == "intro" and _RESERVED.match(label):
            return
        _take_columns(briefing, section, [_key(label), label, value])
    elif section == "not_stated":
        briefing.not_stated += [Fact(_key(part), part.strip(), "") for part in text.split(",") if part.strip()]
    else:
        sentences = re.split(r"(?<=[.!?])\s+", text)
        briefing.prose += [one for one in sentences if len(one.split()) > 2 and not _ORDER.search(one)]


def _take_columns(briefing: Briefing, section: str, columns: list[str], as_of: str = "") -> None:
    key, label = columns[0], columns[1]
    value = without_orders(columns[2]) if len(columns) > 2 else ""
    if section == "rooms":
        briefing.rooms.append(Room(key, label, value, as_of=as_of))
    elif section == "more":
        briefing.more.append(Fact(key, label, ""))
    elif section == "not_stated" or value.lower() in ("", "-", "–", "—", "n/a", "not stated", "unknown", "none given"):
        briefing.not_stated.append(Fact(key, label, ""))
    else:
        briefing.facts.append(Fact(key, label, value, as_of=as_of))


def _key(label: str) -> str:
    return re.sub(r"\W+", "_", label.strip().lower()).strip("_")


def _language(text: str) -> str:
    for match in _LANGUAGE.finditer(text):
        word = match.group(1).lower().replace("ñ", "n")
        code = _NAMES.get(word, word[:2] if len(word) <= 5 else "")
        if code in LANGUAGES:
            return code
    return ""


def _today(text: str) -> date | None:
    match = _TODAY.search(text)
    try:
        return date.fromisoformat(match.group(1)) if match else None
    except ValueError:
        return None


def _admission(text: str, language: str) -> str:
    """The sentence that the briefing's rules give for what is not known, in its language."""
    wanted = language or "en"
    if match := re.search(rf'\b{wanted}\b[\w-]*:\s*["“„]([^"”“]+)["”“]', text):
        return match.group(1)
    match = re.search(r'(?:write|say|answer)s? exactly:?\s*["“„\']([^"”“]+)["”“]', text, re.IGNORECASE)
    if match and (wanted == "en" or _speaks(match.group(1), wanted)):
        return match.group(1)
    return ADMISSIONS[wanted]


def _speaks(sentence: str, language: str) -> bool:
    words = sentence.lower().strip(".").split()
    return sum(word in lexicon(language).detect for word in words) > sum(word in lexicon("en").detect for word in words)
