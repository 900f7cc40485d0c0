from __future__ import annotations

from django.db import models

# "12 Maple Street"; elsewhere "Kaistraße 12".
NUMBER_FIRST = frozenset({"US", "GB", "CA", "AU", "IE", "NZ", "FR"})


class Place(models.Model):
    """Where the home stands. With `display_address` off the street parts leave every public output."""

    street_number = models.CharField(max_length=25, blank=True)
    street_dir_prefix = models.CharField("street direction", max_length=15, blank=True)
    street_name = models.CharField(max_length=50, blank=True)
    street_suffix = models.CharField(max_length=25, blank=True, help_text="For example Street or Avenue.")
    unit_number = models.CharField(max_length=25, blank=True)
    unparsed_address = models.CharField(
        "address in one line", max_length=255, blank=True, help_text="Only where the parts above are missing."
    )
    city = models.CharField(max_length=50, blank=True)
    county_or_parish = models.CharField(max_length=50, blank=True)
    state_or_province = models.CharField(
        max_length=6, blank=True, help_text="ISO 3166-2 code, like US-OR; OR is completed with the country."
    )
    postal_code = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Two letters, like US. Left empty, the agency's.")
    subdivision_name = models.CharField("neighbourhood", max_length=150, blank=True)
    latitude = models.DecimalField(max_digits=12, decimal_places=8, null=True, blank=True)
    longitude = models.DecimalField(max_digits=12, decimal_places=8, null=True, blank=True)
    property_time_zone_name = models.CharField("time zone", max_length=64, blank=True)
    directions = models.TextField(max_length=1024, blank=True)
    cross_street = models.CharField(max_length=255, blank=True)

    # Names only. There is no field for ratings, on purpose.
    elementary_school = models.CharField(max_length=50, blank=True)
    elementary_school_district = models.CharField(max_length=50, blank=True)
    middle_or_junior_school = models.CharField(max_length=50, blank=True)
    middle_or_junior_school_district = models.CharField(max_length=50, blank=True)
    high_school = models.CharField(max_length=50, blank=True)
    high_school_district = models.CharField(max_length=50, blank=True)
    school_source = models.CharField(max_length=120, blank=True, help_text="Where the assignment was read.")
    walk_score = models.PositiveSmallIntegerField(null=True, blank=True)
    walk_score_source = models.CharField(max_length=120, blank=True)
    walk_score_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def street_address(self) -> str:
        """The street line, whether or not it may be shown: outputs ask `shown_street_address()`."""
        street = [self.street_dir_prefix, self.street_name, self.street_suffix]
        number_first = self.country in NUMBER_FIRST or not self.country
        parts = [self.street_number, *street] if number_first else [*street, self.street_number]
        line = " ".join(part for part in parts if part)
        if not line:
            return self.unparsed_address
        return f"{line}, {self.unit_number}" if self.unit_number else line

    def has_address(self) -> bool:
        return bool((self.street_number and self.street_name) or self.unparsed_address)
