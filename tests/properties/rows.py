"""What tests ask of a row."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from properties.models import Property


def messages(row: Model) -> dict[str, Any]:
    """Why a row is refused, by field."""
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    return refused.value.message_dict


def statuses(home: Property) -> list[str]:
    return [change.new_status for change in home.status_changes.order_by("pk")]
