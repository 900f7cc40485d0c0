"""Text to comparable words: no accents, no case, no endings that carry no meaning here."""

import re
import unicodedata

_TOKEN = re.compile(r"[0-9][0-9.,]*[a-z]*|[a-z]+")
_CURRENCY = str.maketrans({"’": "'", "‘": "'", "ß": "ss", "€": " eur ", "£": " gbp ", "$": " usd "})
_SHORT = re.compile(r"(?<=[a-z])'(?=[a-z])")
_UMLAUT = re.compile(r"(?<![qaeo])(a|o|u)e(?=[a-z])")
_LONG_FORMS = (("what is", "whats"), ("where is", "wheres"), ("how is", "hows"), ("who is", "whos"))
# "Where do I park?" is about cars, "where is the park?" about trees.
_PARKING = re.compile(r"\b(i|we|you|to|can|guests|visitors|one) park\b")

_NUMBER_WORDS = {
    word: number
    for row in (
        "one two three four five six seven eight nine ten",
        "un dos tres cuatro cinco seis siete ocho nueve diez",
        "ein zwei drei vier funf sechs sieben acht neun zehn",
    )
    for number, word in enumerate(row.split(), 1)
    if word not in ("un", "ein")
}


def fold(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.lower().translate(_CURRENCY))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return _SHORT.sub("", text)


def tokens(text: str) -> list[str]:
    folded = " ".join(token.strip(".,") for token in _TOKEN.findall(fold(text)))
    for long, short in _LONG_FORMS:
        folded = re.sub(rf"\b{short}\b", long, folded)
    return _PARKING.sub(r"\1 parking", folded).split()


def light(word: str, language: str) -> str:
    """The word without its plural (and Spanish gender): enough to look it up in the vocabulary."""
    if len(word) < 4 or word[0].isdigit():
        return word
    if language == "de":
        return _light_german(word)
    if language == "es":
        word = re.sub(r"(?<=[aei]r)(lo|la|los|las|me|nos|se|le)$", "", word) if len(word) > 6 else word
        word = re.sub(r"(?<=[^aeiou])es$|s$", "", word)
        return re.sub(r"[oa]$", "", word) if len(word) > 4 else word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ss", "us", "is")):
        return word
    return word.removesuffix("s")


def _light_german(word: str) -> str:
    word = _UMLAUT.sub(r"\1", word)
    if len(word) < 6:
        return word
    return re.sub(r"(en|er|es|em|e|n|s)$", "", word)


_ENDINGS = {
    "en": r"(ations?|ions?|ings?|edly|ed|ers?|ments?|ly|es|s|e)$",
    "es": (
        r"(aciones|acion|ciones|cion|amente|mente|ando|iendo|adas?|ados?|idas?|idos?"
        r"|[aei]n|ar|er|ir|os|as|es|[aoes])$"
    ),
    "de": r"(ungen|ung|iert|ieren|lich|igen|ig|en|er|es|em|et|st|te|t|e|n|s)$",
}


def deep(word: str, language: str) -> str:
    """The root, for comparing a question with an entry ("replaced" and "replacement")."""
    if len(word) < 5 or word[0].isdigit() or word == "parking":
        return light(word, language)
    if language == "de":
        word = _UMLAUT.sub(r"\1", word)
    if word.endswith("ies"):
        word = word[:-3] + "y"
    root = re.sub(_ENDINGS.get(language, _ENDINGS["en"]), "", word)
    root = root if len(root) >= 3 else word
    return root[:-1] if len(root) > 4 and root[-1] == root[-2] else root


def same_root(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or short[0].isdigit():
        return False
    if len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= 4:
        return True
    shared = next((i for i, char in enumerate(short) if char != long[i]), len(short))
    return shared >= 5 and len(short) - shared <= 1 and len(long) - shared <= 3


def is_slip(typed: str, meant: str) -> bool:
    """One slip of the finger: a letter lost, doubled, swapped with its neighbour, or a wrong vowel."""
    if typed[0] != meant[0] or abs(len(typed) - len(meant)) > 1 or len(meant) < 5 or len(typed) < 4:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return abs(len(typed) - len(meant)) == 1 and not meant.endswith(typed[-1] + "s")
    rest, want = typed[start:], meant[start:]
    if rest[1:] == want or rest == want[1:]:
        return True
    if len(typed) != len(meant):
        return False
    swapped = len(rest) > 1 and rest[:2] == want[1::-1] and rest[2:] == want[2:]
    vowel = rest[0] in "aeiouy" and want[0] in "aeiouy" and rest[1:] == want[1:]
    return swapped or vowel


def plain(text: str) -> str:
    """What the patterns of talk are matched with: folded words and nothing between them but spaces."""
    return " ".join(tokens(text))


def numbers_in(text: str) -> tuple[int, ...]:
    words = re.findall(r"[a-z]+|\d[\d.,]*", fold(text))
    found = [_NUMBER_WORDS.get(word) or (int(word) if word.isdigit() else None) for word in words]
    return tuple(number for number in found if number is not None)
