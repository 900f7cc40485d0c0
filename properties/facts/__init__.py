"""The one door for every figure: page, REST, briefing, tools and claims read the same facts."""

from .fact import Fact, FactSheet, Group
from .locales import LOCALES
from .rooms import in_locale
from .sheet import fact_sheet

__all__ = ["LOCALES", "Fact", "FactSheet", "Group", "fact_sheet", "in_locale"]
