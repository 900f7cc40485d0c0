"""What buyers said and asked for, as the agency's staff read it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from agencies.models.people import Role
from agencies.staff_admin import Deed, ReadOnly, StaffModelAdmin
from agencies.staff_site import Card, staff_site
from chat.models import Conversation, Lead, Message, Question
from properties.enums import KnowledgeCategory, KnowledgeSource
from properties.models import KnowledgeEntry

FILTER_BY_LISTING = ("property", AutocompleteSelectFilter)
LIVE = (Script("js/admin/live.js", type="module"),)


@admin.register(Conversation, site=staff_site)
class ConversationAdmin(ReadOnly, StaffModelAdmin):
    """Read-only, and live: the list and the transcript follow the visitor."""

    change_list_template = "admin/chat/live_list.html"
    change_form_template = "admin/chat/conversation.html"
    list_display = ("last_words", "property", "turns", "source", "locale", "updated_at")
    list_filter = (FILTER_BY_LISTING, "source", "locale")
    list_filter_submit = True
    list_select_related = ("property",)
    search_fields = ("messages__text", "property__title")
    ordering = ("-updated_at", "-pk")  # said here, since counting messages drops the model's own
    actions = None
    fieldsets = ((None, {"fields": (("property", "source"), ("locale", "disclosure_shown_at"))}),)

    class Media:
        js = LIVE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        said = Message.objects.filter(conversation=OuterRef("pk"), role=Message.Role.VISITOR).order_by("-number")
        rows: QuerySet[Conversation] = super().get_queryset(request)
        return rows.annotate(message_count=Count("messages"), last_said=Subquery(said.values("text")[:1]))

    @display(description="Last question")
    def last_words(self, row: Any) -> str:
        return Truncator(row.last_said or "Nothing said yet").chars(90)

    @display(description="Messages", ordering="message_count")
    def turns(self, row: Any) -> int:
        return int(row.message_count)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["transcript"] = obj.messages.readable().prefetch_related("tool_calls")
        context["leads"] = obj.leads.all()
        context["questions"] = obj.questions.all()
        response: HttpResponse = super().render_change_form(request, context, add, change, form_url, obj)
        return response


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    """An answer goes into the listing's knowledge, where the assistant finds it from now on."""

    wording = forms.CharField(
        label="Question, as it should stand",
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Visitors read it on the page. Left empty, it is the visitor's own words.",
    )
    answer = forms.CharField(
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="Is approved with your name, and told from now on.",
    )
    category = forms.ChoiceField(
        choices=KnowledgeCategory.choices,
        initial=KnowledgeCategory.OTHER,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Question
        fields = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("answer"):
            self.add_error("answer", "Write the answer first.")
            return cleaned
        self.entry = KnowledgeEntry(
            property=self.instance.property,
            question=cleaned.get("wording") or Truncator(self.instance.text).chars(300),
            answer=cleaned["answer"],
            category=cleaned.get("category") or KnowledgeCategory.OTHER,
            source=KnowledgeSource.AGENCY,
            as_of=timezone.localdate(),
            approved=True,
            approved_at=timezone.now(),
        )
        try:
            self.entry.full_clean()
        except ValidationError as error:
            self.add_error("answer", ValidationError(error.messages))
        return cleaned


@admin.register(Question, site=staff_site)
class QuestionAdmin(StaffModelAdmin):
    add_role = delete_role = None
    form = AnswerForm
    list_display = ("text", "property", "times", "status_label", "last_asked_at")
    list_filter = ("status", FILTER_BY_LISTING)
    list_filter_submit = True
    list_select_related = ("property",)
    search_fields = ("text", "property__title")
    actions = ("dismiss_selected",)
    readonly_fields = ("text", "property", "times", "status_label", "first_asked_at", "last_asked_at", "conversation")
    asked = (
        "What was asked",
        {
            "fields": (
                "text",
                ("property", "times"),
                ("first_asked_at", "last_asked_at"),
                ("status_label", "conversation"),
            )
        },
    )
    answered = ("Answer it", {"fields": ("wording", "answer", "category")})
    deeds = (
        Deed("dismiss", "Dismiss", "do_not_disturb_on", when=lambda row: row.status == Question.Status.OPEN),
        Deed("reopen", "Open again", "undo", when=lambda row: row.status != Question.Status.OPEN),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (self.asked, self.answered) if self.has_change_permission(request, obj) else (self.asked,)

    @display(description="Times asked", ordering="count")
    def times(self, row: Question) -> int:
        return row.count

    @display(
        description="Status", ordering="status", label={"Open": "warning", "Answered": "success", "Dismissed": "info"}
    )
    def status_label(self, row: Question) -> str:
        return row.get_status_display()

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        with transaction.atomic():
            form.entry.approved_by = request.user
            form.entry.save()
            obj.mark_answered()

    def dismiss(self, request: HttpRequest, row: Question) -> None:
        row.dismiss()

    def reopen(self, request: HttpRequest, row: Question) -> None:
        row.status = Question.Status.OPEN
        row.save(update_fields=["status"])

    @action(description="Dismiss the selected questions", permissions=("change",))
    def dismiss_selected(self, request: HttpRequest, rows: QuerySet[Question]) -> None:
        count = rows.filter(status=Question.Status.OPEN).update(status=Question.Status.DISMISSED)
        messages.success(request, f"{count} dismissed.")


@admin.register(Lead, site=staff_site)
class LeadAdmin(StaffModelAdmin):
    add_role = None
    delete_role = Role.OWNER  # a person may ask to be forgotten
    list_display = ("name", "kind", "property", "wish", "status_label", "mail", "created_at")
    list_filter = ("status", "kind", FILTER_BY_LISTING)
    list_filter_submit = True
    list_select_related = ("property",)
    search_fields = ("name", "email", "phone", "note", "property__title")
    date_hierarchy = None
    actions = ("mark_contacted", "mark_closed")
    fieldsets = (
        ("Status", {"fields": ("status",)}),
        ("Who", {"fields": ("name", ("email", "phone"))}),
        ("What", {"fields": (("kind", "property"), ("date", "time"), "note", "conversation")}),
        (
            "How it came",
            {"fields": (("created_at", "locale"), ("consent_wording_version", "consent_given_at"), "mail")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        names = (field.name for field in Lead._meta.concrete_fields if field.name != "status")
        return (*names, "mail")

    @display(description="Wished for")
    def wish(self, row: Lead) -> str:
        moment = [f"{row.date:%a %-d %b %Y}" if row.date else "", f"{row.time:%H:%M}" if row.time else ""]
        return " ".join(filter(None, moment)) or "–"

    @display(
        description="Status", ordering="status", label={"New": "warning", "Contacted": "info", "Closed": "success"}
    )
    def status_label(self, row: Lead) -> str:
        return row.get_status_display()

    @display(description="Mail to you", label={"Failed": "danger", "Sent": "success"})
    def mail(self, row: Lead) -> str:
        return row.get_email_state_display()

    @action(description="Mark the selected leads as contacted", permissions=("change",))
    def mark_contacted(self, request: HttpRequest, rows: QuerySet[Lead]) -> None:
        self._mark(request, rows, Lead.Status.CONTACTED)

    @action(description="Close the selected leads", permissions=("change",))
    def mark_closed(self, request: HttpRequest, rows: QuerySet[Lead]) -> None:
        self._mark(request, rows, Lead.Status.CLOSED)

    def _mark(self, request: HttpRequest, rows: QuerySet[Lead], status: Lead.Status) -> None:
        count = rows.update(status=status)
        messages.success(request, f"{count} marked as {status.label.lower()}.")


@staff_site.card
def new_leads(request: HttpRequest) -> Card:
    count = Lead.objects.filter(status=Lead.Status.NEW).count()
    return Card("New leads", count, f"{reverse('staff:chat_lead_changelist')}?status__exact=new", "to contact")


@staff_site.card
def open_questions(request: HttpRequest) -> Card:
    count = Question.objects.open().count()
    link = f"{reverse('staff:chat_question_changelist')}?status__exact=open"
    return Card("Open questions", count, link, "the record could not answer")


@staff_site.card
def conversations_today(request: HttpRequest) -> Card:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    count = Conversation.objects.filter(updated_at__gte=midnight).count()
    return Card("Conversations today", count, reverse("staff:chat_conversation_changelist"), "on your pages")
