"""Whoever logs whatever error: the line does not tell of people, nor opens what a key opens."""

import logging
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel, ValidationError

from shop import logs

pytestmark = pytest.mark.django_db
WORDS = ("ada@example.com", "Lovelace", "s3cret")
#: By names, because tracebacks show the code.
MAILBOX, NAME = WORDS[:2]


class Weighed(BaseModel):
    grams: int


@pytest.fixture(params=["text", "json"])
def lines(request):
    """Return what is logged from now on, as it stands in a log file."""
    config = logs.logging_config(request.param, "INFO")
    formatter = dict(config["formatters"]["structured"])
    handler = logging.StreamHandler(StringIO())
    handler.setFormatter(formatter.pop("()")(**formatter))
    logging.getLogger().addHandler(handler)
    yield handler.stream.getvalue
    logging.getLogger().removeHandler(handler)


def a_row_that_is_there():
    users = get_user_model().objects
    users.create(username=NAME)
    with transaction.atomic():
        users.create(username=NAME)


def a_row_that_does_not_fit():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into auth_user (username) values (%s)", [f"of London\n{NAME}"])


def a_value_that_does_not_fit():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select %s::text::int", [NAME])


def a_form_that_does_not_fit():
    Weighed(grams=NAME)


def a_number_that_is_none():
    int(NAME)


def a_mail_that_was_refused():
    raise SMTPRecipientsRefused({MAILBOX: (550, b"no such user")})


@pytest.mark.parametrize(
    "fault",
    [
        a_row_that_is_there,
        a_row_that_does_not_fit,
        a_value_that_does_not_fit,
        a_form_that_does_not_fit,
        a_number_that_is_none,
        a_mail_that_was_refused,
    ],
)
def test_an_error_is_logged_without_what_it_quotes(lines, fault):
    try:
        fault()
    except (DatabaseError, ValidationError, ValueError, SMTPRecipientsRefused) as error:
        logging.getLogger("any").exception("it failed")
        logging.getLogger("any").warning("it failed: %s", error)
    assert "it failed" in lines()
    assert type_named(lines())
    assert not leaks(lines())


def type_named(text: str) -> bool:
    kinds = ("IntegrityError", "DataError", "ValidationError", "ValueError", "SMTPRecipients")
    return any(kind in text for kind in kinds)


def leaks(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/reset/key/1-s3cret/x/",
        "/nowhere/s3cret/?q=Lovelace",
        "/unsubscribe/s3cret/",
        "/orders/s3cret/",
        "/admin/orders/order/s3cret/change/?email=ada@example.com",
    ],
)
def test_a_page_that_is_not_there_is_logged_without_what_its_address_tells(lines, path):
    assert Client().get(path).status_code in (200, 302, 404)
    assert not leaks(lines())


def test_a_page_that_breaks_is_logged_by_the_name_of_its_route(lines, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr("shop.storefront.views.order_access.load_for_shopper", broken)
    page = reverse("storefront:order", args=["5f0c6a52-5a86-4a5b-a7a7-8f6a9d8d5c11"])
    answer = Client(raise_request_exception=False).get(page, {"q": "s3cret"})
    assert answer.status_code == 500
    assert "RuntimeError" in lines()
    assert "orders/<" in lines()
    assert "5f0c6a52" not in lines()
    assert not leaks(lines())


def test_a_form_from_elsewhere_is_logged_without_where_it_came_from(lines):
    strict = Client(enforce_csrf_checks=True)
    headers = {"Referer": "https://else.example/s3cret?who=Lovelace"}
    assert strict.post("/cart/?s3cret", headers=headers, secure=True).status_code == 403
    assert not leaks(lines())
