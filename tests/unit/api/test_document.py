"""The OpenAPI document, and the page that shows it."""

import pytest

from shop.api.openapi import document


def operations():
    return [op for methods in document()["paths"].values() for op in methods.values()]


def test_every_operation_is_described_and_belongs_to_a_kind():
    tags = {tag["name"] for tag in document()["tags"]}
    for operation in operations():
        assert operation["description"].endswith(".")
        assert set(operation["tags"]) <= tags


def test_every_operation_tells_its_problems():
    for operation in operations():
        problems = [r for status, r in operation["responses"].items() if status >= "400"]
        assert problems
        assert all("application/problem+json" in problem["content"] for problem in problems)


@pytest.mark.django_db
def test_page_tells_every_operation_and_schema_without_a_script(client):
    page = client.get("/api/").content.decode()
    for operation in operations():
        assert f'id="{operation["operationId"]}"' in page
    assert 'id="schema-OrderRequest"' in page
    assert "swagger" not in page
    assert "<script>" not in page
    assert " style=" not in page


def test_document_and_page_take_nothing_but_reading(client):
    for address in ("/api/", "/api/openapi.json"):
        assert client.post(address, content_type="application/json").status_code == 405
