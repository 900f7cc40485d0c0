from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.decorators import display

from agencies.access import access
from agencies.models.people import Role
from agencies.staff_admin import StaffModelAdmin
from agencies.staff_site import staff_site
from properties import publishing
from properties.admin import groups, inlines
from properties.admin.fields import NotStatedMixin
from properties.admin.forms import PropertyForm
from properties.admin.tabs import missing, tabs_of
from properties.enums import PropertyType, StandardStatus
from properties.models import KnowledgeEntry, Media, Property

THUMBNAIL_WIDTH = 320
STATUS_LABELS = {
    str(StandardStatus.ACTIVE.label): "success",
    str(StandardStatus.COMING_SOON.label): "info",
    str(StandardStatus.PENDING.label): "warning",
    str(StandardStatus.ACTIVE_UNDER_CONTRACT.label): "warning",
    str(StandardStatus.WITHDRAWN.label): "danger",
}


@admin.register(Property, site=staff_site)
class PropertyAdmin(NotStatedMixin, StaffModelAdmin):
    """A home is added with its first facts, and edited with all that belongs to it on one page."""

    form = PropertyForm
    change_form_template = "admin/properties/change_form.html"
    add_fieldsets = groups.NEW
    fieldsets = (*groups.FACTS, groups.PUBLISHING)
    inlines = (
        inlines.RoomInline,
        inlines.TourNodeInline,
        inlines.TourLinkInline,
        inlines.HotspotInline,
        inlines.MediaInline,
        inlines.KnowledgeInline,
        inlines.PrivateInline,
        inlines.OpenHouseInline,
    )
    list_display = ("heading", "status", "kind", "price", "bedrooms_total", "on_page", "changed")
    list_filter = ("standard_status", "property_type", "property_sub_type", "display_entire_listing")
    search_fields = ("title", "listing_id", "street_name", "city", "postal_code")
    ordering = ("-modification_timestamp",)

    class Media:
        js = (Script("js/admin/rows.js", type="module"),)

    def get_urls(self) -> list[URLPattern]:
        upload = self.admin_site.admin_view(self.upload_view)
        return [path("<path:object_id>/photos/", upload, name="properties_property_photos"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Property]:
        homes: QuerySet[Property] = super().get_queryset(request)
        match = request.resolver_match
        if match and match.url_name == "properties_property_changelist":
            photos = Media.objects.photos().order_by("order")
            return homes.prefetch_related(Prefetch("media", photos, to_attr="listed_photos"))
        return homes

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What has been on the page is withdrawn: people were told of it, and its history is theirs too.
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    # --- The list ---
    @display(description="Listing", header=True, ordering="title")
    def heading(self, home: Property) -> list[Any]:
        photo = next(iter(getattr(home, "listed_photos", [])), None)
        lines = [home.title, home.street_address() or home.city or "No address yet", "–"]
        if photo is None:
            return lines
        image = {"path": photo.url(THUMBNAIL_WIDTH), "squared": True, "borderless": True, "width": 56, "height": 40}
        return [*lines, image]

    @display(description="Status", ordering="standard_status", label=STATUS_LABELS)
    def status(self, home: Property) -> str:
        return home.get_standard_status_display()

    @display(description="Type", ordering="property_type")
    def kind(self, home: Property) -> str:
        if home.property_type == PropertyType.RESIDENTIAL_LEASE:
            return f"{home.get_property_sub_type_display()}, to let"
        return home.get_property_sub_type_display() or home.get_property_type_display() or "Not stated"

    @display(description="Price", ordering="list_price")
    def price(self, home: Property) -> str:
        if home.list_price is None:
            return "On request" if home.price_on_request else "Not stated"
        figure = f"{home.list_price:,.2f}".removesuffix(".00")
        return f"{figure} {home.currency}" + (" (on request)" if home.price_on_request else "")

    @display(description="On the page", boolean=True)
    def on_page(self, home: Property) -> bool:
        return home.is_public()

    @display(description="Changed", ordering="modification_timestamp")
    def changed(self, home: Property) -> Any:
        return home.modification_timestamp

    # --- The page of one ---
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj:
            # After a refused save the row in hand holds what was typed; what is missing is told of what is stored.
            stored = Property.objects.get(pk=obj.pk) if request.method == "POST" else obj
            context |= {
                "tabs": tabs_of(obj, context["adminform"], context["inline_admin_formsets"]),
                "home": stored,
                "missing": list(missing(stored, publishing.findings(stored))),
                "page_address": reverse("properties:detail", args=[stored.slug]),
                "may_edit": access(request).reaches(Role.EDITOR),
                "accepted": inlines.ACCEPTED,
            }
        response: HttpResponse = super().render_change_form(request, context, add, change, form_url, obj)
        return response

    def save_model(self, request: HttpRequest, obj: Property, form: Any, change: bool) -> None:
        obj.changed_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is KnowledgeEntry:
            sign_approvals(request, formset)
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        home = Property.objects.get(pk=form.instance.pk)
        if "_publish" in request.POST:
            self._do(request, lambda: home.publish(_person(request), accept_warnings=_accepts(form)), "published")
        elif "_withdraw" in request.POST:
            self._do(request, lambda: home.withdraw(_person(request)), "withdrawn")

    def _do(self, request: HttpRequest, verb: Any, done: str) -> None:
        """The form is saved in any case: what was typed is not lost because a photo is missing."""
        try:
            with transaction.atomic():
                verb()
        except ValidationError:
            messages.error(request, f"Saved, but not {done}: see below what is in the way.")
        else:
            messages.success(request, f"The listing is {done}.")

    def response_add(self, request: HttpRequest, obj: Property, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, "The listing is a draft now. Fill in what you know; nobody sees it yet.")
        return self.back_to(obj)

    def response_change(self, request: HttpRequest, obj: Property) -> HttpResponse:
        if {"_publish", "_withdraw"} & request.POST.keys():
            return HttpResponseRedirect(f"{self.address(obj)}#publishing")
        response: HttpResponse = super().response_change(request, obj)
        return response

    # --- Pictures come one request at a time, outside the transaction of the big form ---
    def upload_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        home = self.row_or_404(request, object_id)
        if not self.has_change_permission(request, home):
            raise PermissionDenied
        added = [self._added(request, home, upload) for upload in request.FILES.getlist("photos")]
        link = request.POST.get("media_url", "").strip()
        if link:
            added.append(self._linked(request, home, link, request.POST.get("media_category", "")))
        if any(added):
            messages.success(
                request, f"{sum(added)} added. Describe each one: the page shows no picture without words."
            )
            self.log_change(request, home, f"Added {sum(added)} media.")
        elif not added:
            messages.error(request, "Choose one or more pictures first.")
        return HttpResponseRedirect(f"{self.address(home)}#photos")

    def _added(self, request: HttpRequest, home: Property, upload: Any) -> bool:
        try:
            home.add_photo(upload)
        except ValidationError as error:
            messages.error(request, f"{upload.name}: {' '.join(error.messages)}")
            return False
        return True

    def _linked(self, request: HttpRequest, home: Property, link: str, category: str) -> bool:
        row = Media(property=home, media_url=link, media_category=category)
        try:
            row.full_clean()
            row.save()
        except ValidationError as error:
            messages.error(request, f"{link}: {' '.join(error.messages)}")
            return False
        return True


def _person(request: HttpRequest) -> Any:
    return request.user


def _accepts(form: Any) -> bool:
    return bool(form.cleaned_data.get("accept_warnings"))


def sign_approvals(request: HttpRequest, formset: Any) -> None:
    """An entry that was approved on this page is approved by this person, now."""
    for form in formset.forms:
        entry = form.instance
        if "approved" in form.changed_data and entry.approved:
            entry.approved_by, entry.approved_at = request.user, timezone.now()
