from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import action, display

from agencies.staff_admin import StaffModelAdmin
from agencies.staff_site import staff_site
from properties.models import KnowledgeEntry


@admin.register(KnowledgeEntry, site=staff_site)
class KnowledgeEntryAdmin(StaffModelAdmin):
    """All answers of all listings in one list; a listing's own stand on its page too."""

    list_display = ("question", "property", "category", "told", "as_of", "valid_until")
    list_filter = ("category", "approved", "audience", "source")
    list_select_related = ("property",)
    search_fields = ("question", "answer", "property__title")
    autocomplete_fields = ("property",)
    actions = ("approve",)
    fieldsets = (
        ("Question and answer", {"fields": ("property", "question", "answer", "category")}),
        ("Where it comes from", {"fields": (("source", "source_note"), ("as_of", "valid_until"))}),
        ("Who is told", {"fields": (("audience", "approved"), "locale", "key")}),
    )

    @display(description="Told to visitors", boolean=True)
    def told(self, entry: KnowledgeEntry) -> bool:
        return entry.is_public()

    @action(description="Approve the selected entries", permissions=("change",))
    def approve(self, request: HttpRequest, entries: QuerySet[KnowledgeEntry]) -> None:
        waiting = list(entries.filter(approved=False))
        for entry in waiting:
            entry.approve(request.user)  # type: ignore[arg-type]
        messages.success(request, f"{len(waiting)} approved.")

    def save_model(self, request: HttpRequest, obj: KnowledgeEntry, form: Any, change: bool) -> None:
        if "approved" in form.changed_data and obj.approved:
            obj.approved_by, obj.approved_at = request.user, timezone.now()  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
