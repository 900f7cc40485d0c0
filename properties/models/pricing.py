from __future__ import annotations

from decimal import Decimal

from django.db import models

from properties.enums import Frequency
from properties.fields import KeyField, KeyListField

PAYMENTS_A_YEAR: dict[str, Decimal] = {
    Frequency.ANNUALLY: Decimal(1),
    Frequency.SEMI_ANNUALLY: Decimal(2),
    Frequency.QUARTERLY: Decimal(4),
    Frequency.BI_MONTHLY: Decimal(6),
    Frequency.MONTHLY: Decimal(12),
    Frequency.SEMI_MONTHLY: Decimal(24),
    Frequency.BI_WEEKLY: Decimal(26),
    Frequency.WEEKLY: Decimal(52),
    Frequency.DAILY: Decimal(365),
}


class Pricing(models.Model):
    """Price, association, taxes and terms. Money is decimal, in the row's one currency."""

    list_price = models.DecimalField("price", max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        max_length=3,
        blank=True,
        help_text="Three letters, like USD. Left empty, the agency's. Fixed after a price change.",
    )
    list_price_low = models.DecimalField(
        "lowest price of a range", max_digits=14, decimal_places=2, null=True, blank=True
    )
    original_list_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, editable=False)
    previous_list_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, editable=False)
    price_on_request = models.BooleanField(default=False, help_text="On: the figure is shown and told nowhere.")

    has_association = models.BooleanField("homeowners' association", null=True, blank=True)
    association_name = models.CharField(max_length=50, blank=True)
    association_fee = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    association_fee_frequency = models.CharField(max_length=20, choices=Frequency, blank=True)
    association_fee_includes = KeyListField("association_fee_includes")
    association_amenities = KeyListField("association_amenities")

    tax_annual_amount = models.DecimalField(
        "property tax a year", max_digits=14, decimal_places=2, null=True, blank=True
    )
    tax_year = models.PositiveSmallIntegerField(null=True, blank=True)
    tax_assessed_value = models.DecimalField(max_digits=14, decimal_places=0, null=True, blank=True)
    parcel_number = models.CharField(max_length=50, blank=True)

    listing_terms = KeyListField("listing_terms")
    special_listing_conditions = KeyListField("special_listing_conditions")
    possession = KeyListField("possession")
    inclusions = models.TextField(max_length=1024, blank=True, help_text="One item per line.")
    exclusions = models.TextField(max_length=1024, blank=True, help_text="One item per line.")
    disclosures = KeyListField("disclosures")

    class Meta:
        abstract = True

    def association_fee_monthly(self) -> Decimal | None:
        """The monthly equivalent; none for a seasonal or a one-time fee."""
        payments = PAYMENTS_A_YEAR.get(self.association_fee_frequency)
        if self.association_fee is None or payments is None:
            return None
        return (self.association_fee * payments / 12).quantize(Decimal("0.01"))


class Lease(models.Model):
    """Only for `property_type = residential_lease`."""

    lease_amount_frequency = models.CharField("rent is per", max_length=20, choices=Frequency, blank=True)
    lease_term = KeyField("lease_term")
    availability_date = models.DateField("available from", null=True, blank=True)
    furnished = KeyField("furnished")
    rent_includes = KeyListField("rent_includes")
    pets_allowed = KeyListField("pets_allowed")
    security_deposit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        abstract = True
