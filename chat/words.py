"""Words reduced to stems: to group what visitors ask, and to rank what the record knows."""

from __future__ import annotations

import re
import threading
from functools import cache

import snowballstemmer

_LANGUAGES = {"en": "english", "es": "spanish", "de": "german"}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
# Words that carry no topic. "no", "many" and the like stay out too: they are asked of every topic.
_STOP = {
    "en": (
        "a about am an and any are as at be been but by can could current do does for from get give "
        "had has have how i if in is it its it's itself know let like listing me much many my of on "
        "one or our please property house home place say so some tell that the their them there "
        "there's these they this those to us was we were what what's whats when where which who why "
        "will with would you your"
    ),
    "es": (
        "a al algo algún alguna como cómo con cual cuál cuales cuáles cuando cuándo cuanto cuánto "
        "cuanta cuánta cuantos cuántos cuantas cuántas de del dime donde dónde el ella en es esta "
        "está este esto hay la las le lo los más me mi muy o para pero por puede que qué quien "
        "quién quiero saber se ser si sí sobre su sus tiene tienen un una uno y ya casa piso "
        "vivienda propiedad inmueble"
    ),
    "de": (
        "ab aber als am an auch auf aus bei bin bitte da das dem den der des die dies diese dieser "
        "dieses ein eine einem einen einer eines er es für gibt haben hat ich im in ist ja kann man "
        "mein mich mir mit nach noch oder sagen sie sind so über um und uns vom von vor was welche "
        "welcher welches wenn wer wie viel viele wieviel wir wird wo zu zum zur haus wohnung "
        "immobilie objekt"
    ),
}


def language_of(locale: str) -> str:
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in _LANGUAGES else "en"


@cache
def _stopwords(language: str) -> frozenset[str]:
    return frozenset(_STOP[language].split())


_local = threading.local()  # a stemmer keeps its word inside itself: one per thread


def _stem(word: str, language: str) -> str:
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(_LANGUAGES[language])
    return str(stemmers[language].stemWord(word))


def stems(text: str, locale: str, *, keep_stopwords: bool = False) -> list[str]:
    """The stems of the words that carry a topic, in order."""
    language = language_of(locale)
    words = [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
    skip = frozenset() if keep_stopwords else _stopwords(language)
    return [_stem(word, language) for word in words if word not in skip]


def grouping_key(text: str, locale: str) -> str:
    """What two ways of asking the same have in common; at most 255 characters."""
    topic = sorted(set(stems(text, locale))) or stems(text, locale, keep_stopwords=True)
    return " ".join(topic)[:255] or text.strip().casefold()[:255]
