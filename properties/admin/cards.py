"""What the staff's overview tells of listings."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.staff_site import Card, staff_site
from properties.enums import StandardStatus
from properties.models import Property


@staff_site.card
def published(request: HttpRequest) -> Card:
    count = Property.objects.published().count()
    return Card("On the page", count, reverse("staff:properties_property_changelist"), "published listings")


@staff_site.card
def drafts(request: HttpRequest) -> Card:
    count = Property.objects.filter(standard_status=StandardStatus.INCOMPLETE).count()
    link = reverse("staff:properties_property_changelist")
    return Card("Drafts", count, f"{link}?standard_status__exact=incomplete", "not published yet")
