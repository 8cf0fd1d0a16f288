"""Whatever is wrong is told as a problem (RFC 9457), and changes nothing."""

import pytest
from django.db import OperationalError

from shop.api.routes import products
from tests.unit.api.asking import Caller
from tests.unit.storefront.people import account

pytestmark = pytest.mark.usefixtures("shop")


def problem(answer) -> dict:
    assert answer["Content-Type"] == "application/problem+json"
    data = answer.json()
    assert data["status"] == answer.status_code
    assert data["title"]
    assert data["detail"]
    return data


def test_address_where_nothing_is(guest):
    assert problem(guest.get("/nothing"))["status"] == 404


def test_method_that_an_address_does_not_take_names_those_it_does(guest):
    answer = guest.ask("DELETE", "/products")
    assert problem(answer)["status"] == 405
    assert answer["Allow"] == "GET, HEAD"


def test_body_that_is_not_json(guest):
    answer = guest.client.post("/api/quote", "{", content_type="application/json")
    assert problem(answer)["status"] == 400


@pytest.mark.parametrize("sent", ["", "[]", "null"])
def test_body_that_is_no_object_is_named(guest, sent):
    answer = guest.client.post("/api/quote", sent, content_type="application/json")
    assert (problem(answer)["status"], list(answer.json()["errors"])) == (422, ["body"])


def test_body_that_is_too_large(guest, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert problem(guest.post("/quote", {"cart_id": "1" * 100}))["status"] == 413


def test_body_that_is_not_sent_as_json(guest):
    answer = guest.client.post("/api/quote", {"cart_id": "1"})
    assert problem(answer)["status"] == 415


@pytest.mark.parametrize("path", ["/orders", "/carts/3f1e7a0a-6c9e-4a53-9a86-2a4b8d1f3c11"])
def test_token_that_does_not_work_is_refused_everywhere(path):
    answer = Caller("shop_wrong").get(path)
    assert problem(answer)["status"] == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_all_that_is_wrong_is_told_at_once_in_peoples_words(guest):
    answer = guest.get("/products", page=0, limit="many", price_min="-1", sort="best")
    assert problem(answer)["errors"] == {
        "page": ["This must be at least 1."],
        "limit": ["This must be a whole number."],
        "price_min": ["This must be an amount such as 12.50."],
        "sort": ["This must be one of 'relevance', 'newest', 'price', '-price' or 'name'."],
    }


@pytest.mark.parametrize("path", ["/products/a%00b", "/products?q=%00", "/availability?sku=%00"])
def test_text_that_cannot_be_kept_is_refused(guest, path):
    assert guest.client.get(f"/api{path}").status_code == 422


def test_failure_of_ours_is_told_as_a_problem_and_to_us_in_full(guest, monkeypatch, caplog):
    monkeypatch.setattr(products, "CategoryTree", lambda: 1 / 0)
    guest.client.raise_request_exception = False
    answer = guest.get("/categories")
    assert problem(answer)["status"] == 500
    assert "ZeroDivisionError" not in answer.content.decode()
    (data,) = caplog.records
    assert data.exc_info[0] is ZeroDivisionError


def test_database_that_ends_a_question_is_told_with_when_to_come_again(guest, monkeypatch):
    def ended() -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(products, "CategoryTree", ended)
    guest.client.raise_request_exception = False
    answer = guest.get("/categories")
    assert problem(answer)["status"] == 503
    assert int(answer["Retry-After"]) >= 1
    assert "statement" not in answer.content.decode()


def test_session_of_a_browser_opens_nothing(guest):
    """There is no cookie that another site's page could send along."""
    guest.client.force_login(account("eve@example.com"))
    assert problem(guest.get("/orders"))["status"] == 401


def test_too_many_requests_are_told_when_to_come_again(guest, monkeypatch):
    from shop.api.api import api

    monkeypatch.setattr(api.throttle, "num_requests", 2)
    answers = [guest.get("/categories") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) >= 1
    problem(answers[-1])


def test_answers_are_for_the_asker_alone(guest):
    answer = guest.get("/categories")
    assert "no-store" in answer["Cache-Control"]
    assert "Authorization" in answer["Vary"]
