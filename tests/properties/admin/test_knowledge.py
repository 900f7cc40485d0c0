import pytest

from agencies.scope import agency_scope
from properties.models import KnowledgeEntry
from tests.agencies.staff import desk
from tests.make_properties import make_knowledge, make_property

pytestmark = pytest.mark.django_db


def test_entries_are_approved_from_the_list(agency, editor):
    entry = make_knowledge(make_property(agency), approved=False)
    data = {"action": "approve", "_selected_action": [entry.pk]}
    desk(agency, "viewer").post("staff:properties_knowledgeentry_changelist", data=data)
    with agency_scope(agency):
        assert not KnowledgeEntry.objects.get().approved
    editor.post("staff:properties_knowledgeentry_changelist", data=data)
    with agency_scope(agency):
        assert KnowledgeEntry.objects.get().approved_by == editor.user
