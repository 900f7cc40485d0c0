"""Questions to begin with, made from what this very home's record can answer."""

from chat.words import language_of
from properties.facts import FactSheet

MOST = 4
# First come the ones that buyers ask most and a page hides best.
_QUESTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("association_fee", "What is the HOA fee?"),
        ("tax_annual_amount", "How much are the property taxes?"),
        ("heating", "How is it heated?"),
        ("parking_total", "Is there parking?"),
        ("pets_allowed", "Are pets allowed?"),
        ("availability_date", "When is it available?"),
        ("energy_label", "What is the energy rating?"),
        ("year_built", "When was it built?"),
        ("lot_size_area", "How big is the lot?"),
        ("living_area", "How big is it?"),
        ("bedrooms_total", "How many bedrooms does it have?"),
    ),
    "es": (
        ("association_fee", "¿Cuánto es la cuota de comunidad?"),
        ("tax_annual_amount", "¿Cuánto se paga de IBI?"),
        ("heating", "¿Qué calefacción tiene?"),
        ("parking_total", "¿Hay aparcamiento?"),
        ("pets_allowed", "¿Se admiten mascotas?"),
        ("availability_date", "¿Cuándo está disponible?"),
        ("energy_label", "¿Qué certificado energético tiene?"),
        ("year_built", "¿De qué año es?"),
        ("living_area", "¿Cuántos metros tiene?"),
        ("bedrooms_total", "¿Cuántos dormitorios tiene?"),
    ),
    "de": (
        ("association_fee", "Wie hoch ist das Hausgeld?"),
        ("heating", "Wie wird geheizt?"),
        ("parking_total", "Gibt es einen Stellplatz?"),
        ("pets_allowed", "Sind Haustiere erlaubt?"),
        ("availability_date", "Ab wann ist es frei?"),
        ("energy_label", "Welche Energieklasse hat es?"),
        ("year_built", "Wann wurde es gebaut?"),
        ("living_area", "Wie groß ist die Wohnfläche?"),
        ("bedrooms_total", "Wie viele Schlafzimmer gibt es?"),
    ),
}


def suggestions(sheet: FactSheet) -> list[str]:
    stated = {fact.key for fact in sheet.facts}
    questions = _QUESTIONS[language_of(sheet.locale)]
    return [question for key, question in questions if key in stated][:MOST]
