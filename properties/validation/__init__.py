"""What is wrong with a home's own fields, in plain sentences. The same for admin, API and import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .building import building_findings
from .finding import Finding
from .identity import identity_findings
from .money import lease_findings, money_findings
from .place import place_findings

if TYPE_CHECKING:
    from properties.models import Property

__all__ = ["Finding", "findings"]


def findings(home: Property) -> Iterator[Finding]:
    yield from identity_findings(home)
    yield from money_findings(home)
    yield from lease_findings(home)
    yield from place_findings(home)
    yield from building_findings(home)
