"""The public search of an agency's homes: what may be asked, and the query that answers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import Case, DecimalField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency

from . import lists
from .enums import AreaUnits, PropertySubType, PropertyType
from .models import Property
from .units import SQUARE_METERS

WORDS_COUNTED = 8
# Links in mails and adverts carry these; they say nothing about homes.
TRACKING = frozenset({"fbclid", "gclid", "msclkid"})
SQUARE_FEET_COUNTRIES = frozenset({"US", "LR", "MM"})
SORTS: dict[str, tuple[Any, ...]] = {
    "": ("-published_at", "-pk"),
    "price": (F("shown_price").asc(nulls_last=True), "-pk"),
    "-price": (F("shown_price").desc(nulls_last=True), "-pk"),
    "-area": (F("area_m2").desc(nulls_last=True), "-pk"),
}
MORE = ("type", "beds", "price_min", "price_max", "area_min", "area_max")
SEARCHED = ("title", "city", "subdivision_name", "postal_code", "listing_id", "public_remarks")
SEARCHED_IN_STREET = ("street_number", "street_name", "street_suffix", "unparsed_address")
AREA = DecimalField(max_digits=20, decimal_places=8)


def unknown_parameters(names: Iterable[str]) -> list[str]:
    """The names that no field of the search and no advert's link has."""
    known = SearchForm.base_fields.keys() | TRACKING
    return [name for name in names if name not in known and not name.startswith("utm_")]


def area_units(agency: Agency) -> AreaUnits:
    """What the visitors of this agency count areas in."""
    return AreaUnits.SQUARE_FEET if agency.country in SQUARE_FEET_COUNTRIES else AreaUnits.SQUARE_METERS


class Figure(forms.TextInput):
    """A number that is shown back as it was typed, which a number input does not do with a wrong one."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "numeric"})


class SearchForm(forms.Form):
    """All fields may be empty. `kinds` are the (type, sub type) pairs that the agency offers now."""

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    offer = forms.ChoiceField(
        label=_("Offer"),
        required=False,
        choices=[("", _("Sale or rent")), ("sale", _("For sale")), ("lease", _("For rent"))],
    )
    type = forms.ChoiceField(label=_("Type"), required=False)
    beds = forms.IntegerField(label=_("Bedrooms, at least"), min_value=0, max_value=99, required=False, widget=Figure)
    price_min = forms.DecimalField(label=_("Price from"), min_value=0, max_digits=14, required=False, widget=Figure)
    price_max = forms.DecimalField(label=_("Price to"), min_value=0, max_digits=14, required=False, widget=Figure)
    area_min = forms.DecimalField(label=_("Area from"), min_value=0, max_digits=10, required=False, widget=Figure)
    area_max = forms.DecimalField(label=_("Area to"), min_value=0, max_digits=10, required=False, widget=Figure)
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Newest first")),
            ("price", _("Lowest price first")),
            ("-price", _("Highest price first")),
            ("-area", _("Largest first")),
        ],
    )

    def __init__(self, *args: Any, agency: Agency, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        kinds = set(kinds)
        has_both = len({kind == PropertyType.RESIDENTIAL_LEASE for kind, _sub in kinds}) > 1
        self.shows_offer = has_both or bool(self.data.get("offer"))
        self._offer_types({sub_type for _kind, sub_type in kinds})
        units = "ft²" if area_units(agency) == AreaUnits.SQUARE_FEET else "m²"
        for name, unit in (("price", agency.currency), ("area", units)):
            for end in ("min", "max"):
                field = self.fields[f"{name}_{end}"]
                field.label = f"{field.label} ({unit})"
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def _offer_types(self, offered: set[str]) -> None:
        field = cast(forms.ChoiceField, self.fields["type"])
        asked = self.data.get("type")
        # A bookmarked search for a type that is sold out finds nothing; it is not a mistake.
        words = [(key, lists.label("property_sub_type", key, self.agency.locale)) for key in PropertySubType.values]
        field.choices = [("", _("Any type")), *words]
        shown = [(key, label) for key, label in field.choices if key in offered or key in ("", asked)]
        field.widget.choices = shown

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = self.cleaned_data
        for name, sentence in (
            ("price", _("The highest price is below the lowest: swap the two.")),
            ("area", _("The largest area is below the smallest: swap the two.")),
        ):
            least, most = asked.get(f"{name}_min"), asked.get(f"{name}_max")
            if least is not None and most is not None and most < least:
                self.add_error(f"{name}_max", str(sentence))
        return asked

    def is_empty(self) -> bool:
        return all(value in (None, "") for value in self.cleaned_data.values())

    def more_fields(self) -> list[forms.BoundField]:
        """What the form keeps folded until it is used."""
        return [self[name] for name in MORE]

    def has_more(self) -> bool:
        return any(self.data.get(name) or name in self.errors for name in MORE)

    def find(self) -> QuerySet[Property]:
        """The published homes that answer a valid form, in its order."""
        asked = self.cleaned_data
        homes = Property.objects.published().alias(shown_price=_shown_price(), area_m2=_area_m2())
        for word in asked["q"].split()[:WORDS_COUNTED]:
            homes = homes.filter(with_word(word))
        wanted = Q()
        if asked["offer"]:
            lease = Q(property_type=PropertyType.RESIDENTIAL_LEASE)
            wanted &= lease if asked["offer"] == "lease" else ~lease
        if asked["type"]:
            wanted &= Q(property_sub_type=asked["type"])
        for lookup, value in self._bounds().items():
            wanted &= Q(**{lookup: value})
        return homes.filter(wanted).order_by(*SORTS[asked["sort"]])

    def _bounds(self) -> dict[str, Any]:
        asked = self.cleaned_data
        square_meters = SQUARE_METERS[area_units(self.agency)]
        bounds = {
            "bedrooms_total__gte": asked["beds"],
            "shown_price__gte": asked["price_min"],
            "shown_price__lte": asked["price_max"],
            "area_m2__gte": asked["area_min"] and asked["area_min"] * square_meters,
            "area_m2__lte": asked["area_max"] and asked["area_max"] * square_meters,
        }
        return {lookup: value for lookup, value in bounds.items() if value is not None}


def with_word(word: str) -> Q:
    """Of the home's kind, place or text; a hidden street is not searched."""
    found = Q()
    for name in SEARCHED:
        found |= Q(**{f"{name}__icontains": word})
    found |= Q(property_sub_type__in=_kinds_called(word))
    for name in SEARCHED_IN_STREET:
        # A hidden street must not be found either: guessing it would confirm it.
        found |= Q(**{f"{name}__icontains": word}, display_address=True)
    return found


def _kinds_called(word: str) -> list[str]:
    """Sub types by their name in any of our languages."""
    if len(word) < 3:
        return []
    kinds = lists.vocabulary("property_sub_type")
    names = {key: " ".join(str(entry[language]) for language in ("en", "es", "de")) for key, entry in kinds.items()}
    return [key for key, name in names.items() if word.lower() in name.lower()]


def _shown_price() -> Case:
    # Null for a price on request, so that neither a bound nor an order tells it.
    return Case(When(price_on_request=False, then=F("list_price")), default=Value(None))


def _area_m2() -> Case:
    cases = [
        When(living_area_units=units, then=F("living_area") * Value(SQUARE_METERS[units], output_field=AREA))
        for units in AreaUnits
    ]
    return Case(*cases, default=Value(None), output_field=AREA)


def kinds_offered() -> list[tuple[str, str]]:
    """The (type, sub type) pairs of the published homes."""
    published = Property.objects.published().order_by()
    return list(published.values_list("property_type", "property_sub_type").distinct())
