import ast
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from properties.facts import LOCALES, fact_sheet
from properties.models import PropertyPrivate
from tests.make_properties import make_private, make_property

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def written(home, key):
    fact = fact_sheet(home).get(key)
    return fact and fact.written


def test_price_on_request_leaves_no_figure_of_it(agency):
    price: dict[str, Any] = {"list_price": Decimal("777123"), "list_price_low": Decimal("777000")}
    home = make_property(agency, price_on_request=True, **price)
    home.change_price(Decimal("776123"))
    text = json.dumps(fact_sheet(home).public_dict())
    assert written(home, "list_price") == "Price on request"
    assert [digits for digits in ("777", "776", "336") if digits in text] == []
    home.price_on_request = False
    assert "776,123" in json.dumps(fact_sheet(home).public_dict())


def test_hidden_address_leaves_the_area_only(agency):
    hidden = {"cross_street": "Elm Corner", "directions": "Past the mill", "parcel_number": "PARCEL-77"}
    home = make_property(agency, title="A house", street_name="Larkspur", unit_number="9Z", **hidden)
    secrets = ["Larkspur", "9Z", "Elm Corner", "Past the mill", "PARCEL-77", "45.51", "122.65"]
    shown = json.dumps(fact_sheet(home).public_dict())
    assert [secret for secret in secrets if secret in shown] == secrets[:5]
    home.display_address = False
    assert [secret for secret in secrets if secret in json.dumps(fact_sheet(home).public_dict())] == []
    assert written(home, "unparsed_address") == "Portland, OR 97214 (the street is not shown)"


def test_private_record_is_in_no_sheet(agency):
    home = make_property(agency)
    texts = [f.name for f in PropertyPrivate._meta.fields if f.get_internal_type() in {"TextField", "CharField"}]
    fields = {name: f"PLANTED {name}" for name in texts if name != "occupant_type"}
    make_private(home, occupant_type="vacant", **fields)
    home.refresh_from_db()
    for locale in LOCALES:
        assert "PLANTED" not in json.dumps(fact_sheet(home, locale).public_dict())
        assert "vacant" not in json.dumps(fact_sheet(home, locale).public_dict())


def test_public_modules_do_not_import_the_private_record():
    public = [*(ROOT / "properties" / "facts").glob("*.py"), *(ROOT / "properties").glob("*.py")]
    naming = [path.name for path in public if not path.name.startswith("admin") and names_private(path)]
    assert naming == []
    assert names_private(ROOT / "properties" / "models" / "private.py")


def names_private(path):
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    said = {getattr(node, field, None) for node in nodes for field in ("name", "attr", "id")}
    return "PropertyPrivate" in said or "private" in said
