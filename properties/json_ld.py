"""The page in schema.org's words: one graph, made of what the page itself shows and of nothing else.

The home is a Product too, since an offer cannot be of a dwelling otherwise (schemaorg/schemaorg#1224).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from .addresses import absolute
from .enums import PropertyType, StandardStatus
from .facts import Fact
from .home_page import HomePage
from .json_ld_home import home_node, is_dwelling
from .models import Media, OpenHouse

Node = dict[str, Any]
SCHEMA = "https://schema.org/"
GOOD_RELATIONS = "http://purl.org/goodrelations/v1#"
AVAILABILITY: dict[str, str] = {
    StandardStatus.COMING_SOON: "PreSale",
    StandardStatus.ACTIVE: "InStock",
    StandardStatus.ACTIVE_UNDER_CONTRACT: "LimitedAvailability",
    StandardStatus.PENDING: "Reserved",
    StandardStatus.CLOSED: "SoldOut",
}
# UN/CEFACT codes of the periods that a rent is paid for.
PERIODS = {"annually": "ANN", "monthly": "MON", "weekly": "WEE", "daily": "DAY"}
LEASE_MONTHS = {"12_months": 12, "24_months": 24, "6_months": 6}


def json_ld(page: HomePage) -> Node:
    return Graph(page).made()


class Graph:
    def __init__(self, page: HomePage) -> None:
        self.page = page
        self.home = page.home
        self.url = absolute(page.agency, reverse("properties:detail", args=[page.home.slug]))
        self.agency_id = f"{page.agency.base_url()}#agency"

    def made(self) -> Node:
        nodes = [self.listing(), self.dwelling(), self.offer(), self.agent(), *self.people()]
        nodes += [self.event(row) for row in self.page.open_houses]
        nodes += [self.photo(media) for media in self.page.gallery]
        if self.page.stops:
            nodes.append(self.tour())
        return {"@context": "https://schema.org", "@graph": [compact(node) for node in nodes]}

    def listing(self) -> Node:
        return {
            "@type": "RealEstateListing",
            "@id": f"{self.url}#listing",
            "url": self.url,
            "name": self.home.title,
            "description": self.page.description,
            "datePosted": self._posted(),
            "dateModified": _iso(self.home.modification_timestamp),
            "inLanguage": self.page.agency.locale,
            "image": [self._ref(media) for media in self.page.photos],
            "provider": {"@id": self.agency_id},
            "mainEntity": {"@id": f"{self.url}#home"},
            "offers": {"@id": f"{self.url}#offer"},
            "copyrightNotice": self.home.copyright_notice,
        }

    def dwelling(self) -> Node:
        return {
            "@id": f"{self.url}#home",
            "url": self.url,
            **home_node(self.page),
            "photo": [self._ref(media) for media in self.page.photos],
            "accommodationFloorPlan": [
                self._floor_plan(plan) for plan in self.page.floor_plans if is_dwelling(self.page)
            ],
            "tourBookingPage": f"{self.url}#contact" if self.home.takes_viewings() else None,
            "subjectOf": {"@id": f"{self.url}#tour"} if self.page.stops else None,
        }

    def offer(self) -> Node:
        lease = self.home.property_type == PropertyType.RESIDENTIAL_LEASE
        price = self._price()
        return {
            "@type": "OfferForLease" if lease else "OfferForPurchase",
            "@id": f"{self.url}#offer",
            "url": self.url,
            "price": price and str(price.value),
            "priceCurrency": price and price.unit.split()[0],
            "priceSpecification": price and self._price_specification(price),
            "availability": SCHEMA + AVAILABILITY.get(self.home.standard_status, "Discontinued"),
            "availabilityStarts": _iso(self._value("availability_date")),
            "businessFunction": GOOD_RELATIONS + ("LeaseOut" if lease else "Sell"),
            "leaseLength": self._lease_length() if lease else None,
            "itemOffered": {"@id": f"{self.url}#home"},
            "offeredBy": {"@id": self.agency_id},
            "validFrom": self._posted(),
        }

    def agent(self) -> Node:
        agency = self.page.agency
        return {
            "@type": "RealEstateAgent",
            "@id": self.agency_id,
            "name": agency.name,
            "url": agency.base_url(),
            "email": agency.email,
            "telephone": agency.phone,
            "address": agency.address,
            "logo": absolute(agency, reverse("properties:logo")) if agency.logo else None,
        }

    def people(self) -> Iterator[Node]:
        name = self._value("list_agent_name")
        if name:
            yield {
                "@type": "Person",
                "@id": f"{self.url}#agent",
                "name": name,
                "jobTitle": "Listing agent",
                "worksFor": {"@id": self.agency_id},
            }

    def event(self, row: OpenHouse) -> Node:
        mode = "MixedEventAttendanceMode" if row.livestream_url else "OfflineEventAttendanceMode"
        there: list[Node] = [{"@id": f"{self.url}#home"}]
        if row.livestream_url:
            there.append({"@type": "VirtualLocation", "url": row.livestream_url})
        return {
            "@type": "Event",
            "@id": f"{self.url}#open-house-{row.open_house_key}",
            "name": f"Open house: {self.home.title}",
            "startDate": _iso(row.start, self.page.time_zone),
            "endDate": _iso(row.end, self.page.time_zone),
            "eventStatus": f"{SCHEMA}EventScheduled",
            "eventAttendanceMode": SCHEMA + mode,
            "location": there,
            "organizer": {"@id": self.agency_id},
            "description": row.remarks,
        }

    def photo(self, media: Media) -> Node:
        return {
            "@type": "ImageObject",
            "@id": self._ref(media)["@id"],
            "contentUrl": absolute(self.page.agency, media.url()),
            "thumbnailUrl": absolute(self.page.agency, media.url(320)),
            "encodingFormat": "image/webp",
            "width": media.image_width,
            "height": media.image_height,
            "caption": media.short_description or media.alt_text,
            "creditText": self.page.agency.name,
            "keywords": [key for key in media.media_alteration or [] if key != "none"],
        }

    def tour(self) -> Node:
        return {
            "@type": "CreativeWork",
            "@id": f"{self.url}#tour",
            "additionalType": "https://www.wikidata.org/entity/Q2915546",  # virtual tour
            "name": f"Tour: {self.home.title}",
            "url": f"{self.url}#tour",
            "about": {"@id": f"{self.url}#home"},
            "hasPart": [
                {
                    "@type": "CreativeWork",
                    "name": stop.node.name,
                    "thumbnailUrl": absolute(self.page.agency, stop.picture.url(640)),
                }
                for stop in self.page.stops
            ],
        }

    def _floor_plan(self, plan: Media) -> Node:
        return {"@type": "FloorPlan", "layoutImage": self._ref(plan)}

    def _ref(self, media: Media) -> Node:
        return {"@id": f"{self.url}#picture-{media.media_key}"}

    def _value(self, key: str) -> Any:
        fact = self.page.sheet.get(key)
        return fact.value if fact else None

    def _price(self) -> Fact | None:
        """None without a price, and for one on request."""
        fact = self.page.sheet.get("list_price")
        return fact if fact and isinstance(fact.value, Decimal) else None

    def _price_specification(self, price: Fact) -> Node | None:
        currency, _, period = price.unit.partition(" ")
        if period:
            return {
                "@type": "UnitPriceSpecification",
                "price": str(price.value),
                "priceCurrency": currency,
                "unitCode": PERIODS.get(period),
                "unitText": period,
            }
        span = self._value("list_price_low")
        if not isinstance(span, tuple):
            return None
        low, high = span
        return {
            "@type": "PriceSpecification",
            "minPrice": str(low),
            "maxPrice": str(high),
            "priceCurrency": currency,
        }

    def _lease_length(self) -> Node | None:
        months = LEASE_MONTHS.get(str(self._value("lease_term")))
        return {"@type": "QuantitativeValue", "value": months, "unitCode": "MON"} if months else None

    def _posted(self) -> str | None:
        if self.home.published_at is None:
            return None
        published = self.home.published_at.astimezone(self.page.time_zone).date()
        return min(published, self.home.on_market_date or published).isoformat()


def compact(value: Any) -> Any:
    """Without what is empty, at every depth; a False and a 0 are statements and stay."""
    if isinstance(value, dict):
        kept = {key: compact(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [item for item in map(compact, value) if item not in (None, "", [], {})]
    return value


def _iso(moment: Any, zone: ZoneInfo | None = None) -> str | None:
    if isinstance(moment, datetime):
        return (moment.astimezone(zone) if zone else moment).isoformat(timespec="seconds")
    return moment.isoformat() if isinstance(moment, date) else None
