"""The description of the API is true, complete and readable."""

import pytest
from django.core.management import call_command
from django.urls import get_resolver
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from tests.make import make_agency
from tests.make_properties import make_knowledge, make_room
from tests.properties.api_scene import add_media, caller, show_property

OPERATIONS = {
    ("get", "/api/v1/properties/"),
    ("get", "/api/v1/properties/{public_id}/"),
    ("get", "/api/v1/properties/{public_id}/facts/"),
    ("get", "/api/v1/properties/{public_id}/knowledge/"),
    ("post", "/api/v1/chat/"),
    ("post", "/api/chat/openai"),
}


@pytest.fixture
def schema(client):
    return client.get("/api/schema/").json()


def test_schema_is_generated_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_schema_is_valid_and_lists_every_operation(schema):
    validate(schema)
    found = {(method, path) for path, methods in schema["paths"].items() for method in methods}
    assert found == OPERATIONS
    assert get_resolver("config.urls").reverse("api-schema") == "api/schema/"


def test_every_operation_needs_a_key_and_documents_its_errors(schema):
    assert schema["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert operation["security"] == [{"ApiKey": []}], path
            assert {"200", "400", "401", "403", "429", "500"} <= operation["responses"].keys(), path
            assert operation["description"], path


def test_examples_of_errors_have_the_shape_that_is_described(schema):
    validator = OAS30Validator(resolved(schema, {"$ref": "#/components/schemas/Error"}))
    for response in schema["components"]["responses"].values():
        validator.validate(response["content"]["application/json"]["example"])


@pytest.mark.django_db
@pytest.mark.parametrize("stated", [{}, {"price_on_request": True, "display_address": False, "heating": None}])
def test_answers_are_what_the_schema_says(schema, stated):
    home = show_property(make_agency(), **stated)
    add_media(home, room=make_room(home))
    make_knowledge(home)
    api = caller(home.agency)
    for path, methods in schema["paths"].items():
        if "get" not in methods:
            continue
        answer = api.get(path.format(public_id=home.public_id))
        described = methods["get"]["responses"]["200"]["content"]["application/json"]
        assert answer.status_code == 200
        OAS30Validator(resolved(schema, described["schema"])).validate(answer.json())


def resolved(schema, part):
    """The part with its references written out."""
    if isinstance(part, list):
        return [resolved(schema, item) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target = schema
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return resolved(schema, target)
    return {name: resolved(schema, value) for name, value in part.items()}


def test_docs_page_needs_nothing_but_this_site(client):
    answer = client.get("/api/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui" in page
    assert "//" not in page.replace("<!DOCTYPE", "")
    assert "<style" not in page
    assert "<script>" not in page
    assert "unsafe" not in answer["Content-Security-Policy"]
