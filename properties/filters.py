"""What a REST reader may ask for, and the query that answers it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request

from agencies.errors import Problem
from agencies.models.agency import LOCALES

from .cursor import MAX_PAGE_SIZE, PAGE_SIZE
from .enums import (
    SHOWN_STATUSES,
    AreaUnits,
    KnowledgeCategory,
    PropertySubType,
    PropertyType,
    StandardStatus,
)
from .models.property import PropertyQuerySet
from .search import with_word
from .units import SQUARE_METERS

WORDS_COUNTED = 8
ROUNDING = Decimal("0.005")
STATUSES = [
    (key, label) for key, label in StandardStatus.choices if key in SHOWN_STATUSES or key == StandardStatus.CLOSED
]


class Query(serializers.Serializer[Any]):
    """The parameters of an address: each at most once, and no other."""

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """The valid values that were given; raises Problem or ValidationError, which name the parameter."""
        query = cls(data={name: value for name, value in request.query_params.items() if value != ""})
        for name in request.query_params:
            query.check_name(name, len(request.query_params.getlist(name)))
        query.is_valid(raise_exception=True)
        given: dict[str, Any] = query.validated_data
        return given

    def check_name(self, name: str, times: int) -> None:
        if name not in self.fields:
            known = ", ".join(self.fields) or "none"
            raise Problem(
                f"“{name[:60]}” is not a parameter of this address. It takes: {known}.",
                code="parameter_unknown",
                param=name[:60],
            )
        if times > 1:
            raise Problem(f"{name}: give it once.", code="parameter_repeated", param=name)


class NoQuery(Query):
    """An address without parameters."""


class FactsQuery(Query):
    locale = serializers.ChoiceField(
        LOCALES, required=False, help_text="Language of labels and words; the listing's own by default."
    )


class KnowledgeQuery(Query):
    category = serializers.ChoiceField(
        KnowledgeCategory.choices, required=False, help_text="Only the entries of one category."
    )


class PropertyQuery(Query):
    q = serializers.CharField(
        required=False, max_length=200, help_text="Words that must all stand in the title, place or remarks."
    )
    status = serializers.ChoiceField(STATUSES, required=False)
    property_type = serializers.ChoiceField(PropertyType.choices, required=False)
    property_sub_type = serializers.ChoiceField(PropertySubType.choices, required=False)
    city = serializers.CharField(required=False, max_length=50, help_text="The whole name; case does not matter.")
    price_min = serializers.DecimalField(
        14,
        2,
        required=False,
        min_value=Decimal(0),
        help_text="In the listing's currency; without prices on request.",
    )
    price_max = serializers.DecimalField(14, 2, required=False, min_value=Decimal(0))
    bedrooms_min = serializers.IntegerField(required=False, min_value=0, max_value=99)
    living_area_min = serializers.DecimalField(14, 2, required=False, min_value=Decimal(0), help_text="In m².")
    living_area_max = serializers.DecimalField(14, 2, required=False, min_value=Decimal(0), help_text="In m².")
    updated_after = serializers.DateTimeField(
        required=False,
        help_text="Only homes changed after this moment, oldest change first; UTC unless an offset is given.",
    )
    cursor = serializers.CharField(required=False, max_length=200, help_text="From `next` or `previous`.")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("price", "living_area"):
            low, high = attrs.get(f"{name}_min"), attrs.get(f"{name}_max")
            if low is not None and high is not None and low > high:
                sentence = f"It is below {name}_min: swap the two."
                raise serializers.ValidationError({f"{name}_max": [sentence]}, code="range_reversed")
        return attrs


def find(homes: PropertyQuerySet, asked: dict[str, Any]) -> PropertyQuerySet:
    """The homes that answer a PropertyQuery's values."""
    wanted = Q()
    for name, lookup in LOOKUPS.items():
        if name in asked:
            wanted &= Q(**{lookup: asked[name]})
    if "price_min" in asked or "price_max" in asked:
        wanted &= Q(price_on_request=False)  # bounds would tell a hidden price, step by step
    if "living_area_min" in asked:
        wanted &= _area("gte", asked["living_area_min"] - ROUNDING)
    if "living_area_max" in asked:
        wanted &= _area("lt", asked["living_area_max"] + ROUNDING)
    for word in asked.get("q", "").split()[:WORDS_COUNTED]:
        homes = homes.filter(with_word(word))
    return homes.filter(wanted)


LOOKUPS = {
    "status": "standard_status",
    "property_type": "property_type",
    "property_sub_type": "property_sub_type",
    "city": "city__iexact",
    "price_min": "list_price__gte",
    "price_max": "list_price__lte",
    "bedrooms_min": "bedrooms_total__gte",
    "updated_after": "modification_timestamp__gt",
}


def _area(comparison: str, square_meters: Decimal) -> Q:
    """Compared in the unit of the row, with the rounding of `living_area_m2`, which is what the reader sees."""
    found = Q()
    for units in AreaUnits:
        bound = square_meters / SQUARE_METERS[units]
        found |= Q(living_area_units=units, **{f"living_area__{comparison}": bound})
    return found
