"""The sentence with which an answer admits that the record is silent, in every language we answer in."""

from chat.words import language_of

_ADMISSIONS = {
    "en": "The listing does not say.",
    "es": "El anuncio no lo indica.",
    "de": "Das steht nicht im Exposé.",
}


def admission(locale: str) -> str:
    return _ADMISSIONS[language_of(locale)]


def admits(text: str) -> bool:
    """Whether an answer says it, in any of the languages: a model may follow the visitor's."""
    spoken = text.casefold()
    return any(sentence.rstrip(".").casefold() in spoken for sentence in _ADMISSIONS.values())
