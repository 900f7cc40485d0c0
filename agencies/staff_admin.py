"""What every staff admin class derives from: rights by role, rows of the scope alone, and buttons that do a deed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin, StackedInline

from agencies.access import access
from agencies.models.people import Role

# What people type into an address field without a scheme.
HTTPS_ASSUMED: dict[Any, dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


class ByRole:
    """Rights by the person's role at the agency, never by Django's permission table. None: nobody."""

    view_role: str | None = Role.VIEWER
    add_role: str | None = Role.EDITOR
    change_role: str | None = Role.EDITOR
    delete_role: str | None = Role.EDITOR

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access(request).reaches(self.view_role)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access(request).reaches(self.add_role)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access(request).reaches(self.change_role)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access(request).reaches(self.delete_role)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access(request).reaches(self.view_role)


def always(row: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Deed:
    """A button on a row's page: POSTs to `<pk>/do/<name>/`, which calls the admin's method of that name."""

    name: str
    label: str
    icon: str = ""
    role: str = Role.EDITOR
    danger: bool = False
    when: Callable[[Any], bool] = always


class StaffModelAdmin(ByRole, ModelAdmin):
    change_form_template = "admin/staff/change_form.html"
    formfield_overrides = HTTPS_ASSUMED
    deeds: tuple[Deed, ...] = ()
    # Django's own goes through `r/<type>/<id>/`, which this site does not have.
    view_on_site: Any = False
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    save_on_top = False
    warn_unsaved_form = True
    list_filter_submit = False

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        do = path("<path:object_id>/do/<slug:deed>/", self.admin_site.admin_view(self.do_view), name=name)
        return [do, *super().get_urls()]

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        # Another agency's row and a missing one look the same.
        raise Http404

    def row_or_404(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row

    def deeds_for(self, request: HttpRequest, row: Model) -> list[Deed]:
        return [deed for deed in self.deeds if access(request).reaches(deed.role) and deed.when(row)]

    def do_view(self, request: HttpRequest, object_id: str, deed: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.row_or_404(request, object_id)
        asked = next((each for each in self.deeds if each.name == deed), None)
        if asked is None:
            raise Http404
        if not access(request).reaches(asked.role):
            raise PermissionDenied
        if not asked.when(row):
            messages.error(request, f"“{asked.label}” is not possible now: the page has changed meanwhile.")
            return self.back_to(row)
        return self._done(request, row, asked)

    def _done(self, request: HttpRequest, row: Any, deed: Deed) -> HttpResponse:
        try:
            response: HttpResponse | None = getattr(self, deed.name)(request, row)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return self.back_to(row)
        self.log_change(request, row, deed.label)
        return response or self.back_to(row)

    def back_to(self, row: Model) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.address(row))

    def address(self, row: Model | None = None) -> str:
        """Of the row's page; of the list without one."""
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        return reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_changelist")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        # Pairs of a deed and its address.
        context["deeds"] = [
            (deed, f"{self.address(obj).removesuffix('change/')}do/{deed.name}/")
            for deed in (self.deeds_for(request, obj) if obj else [])
        ]
        response: HttpResponse = super().render_change_form(request, context, add, change, form_url, obj)
        return response


class ReadOnly:
    """A row that the house writes and people read."""

    add_role: str | None = None
    change_role: str | None = None
    delete_role: str | None = None


class OwnersOnly:
    view_role: str | None = Role.OWNER
    add_role: str | None = Role.OWNER
    change_role: str | None = Role.OWNER
    delete_role: str | None = Role.OWNER


class StaffStackedInline(ByRole, StackedInline):
    extra = 0
    show_change_link = False
