"""Every way in takes only e-mail addresses that a mail server can be given, and keeps them so."""

from collections.abc import Iterator
from email.errors import HeaderParseError
from typing import Annotated, Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from hypothesis import given as for_every
from hypothesis import strategies as st
from ninja import Schema
from pydantic import TypeAdapter
from pydantic import ValidationError as Unfit

import shop.urls  # noqa: F401 every form, schema and page of staff there is
from eventbus.delivery.models import OutboxEvent
from orders.errors import OrderInvalid
from orders.validation import check
from shop import email_addresses
from shop.storefront.forms.fields import MailboxField
from tests.builders import order_details

UNREACHABLE = [
    "ada@" + "ü" * 63 + ".example",
    "ada@" + "a" * 64 + ".example",
    "ada@" + ("a" * 60 + ".") * 4 + "example",
    "ada@אa.example",
    "ada@a\u0301\u200d.example",
    "ada@xn--zz.example",
    "ada@-a.example",
    "ada@a..example",
    "ada@.example",
    "ada@example",
    "ada@localhost",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    "ada@ex_ample.com",
    "ada@example.com.",
    "a" * 65 + "@shop.example",
    "İ" * 60 + "@shop.example",
    "ıda@shop.example",
    "\u212aate@shop.example",
    "ad\u017fa@shop.example",
    "jürgen@shop.example",
    '"ada lovelace"@shop.example',
    '"\x01"@shop.example',
    "ada@@shop.example",
    ".ada@shop.example",
    "ada.@shop.example",
    "ada\u202e@shop.example",
    "ada\nbcc:eve@shop.example",
    "ada,eve@shop.example",
    "Ada <ada@shop.example>",
    "ada",
    "@shop.example",
]
KEPT = {
    "Ada@Shop.EXAMPLE": "ada@shop.example",
    " ada+tag@shop.example ": "ada+tag@shop.example",
    "o'hara@shop.example": "o'hara@shop.example",
    "ada@straße.example": "ada@xn--strae-oqa.example",
    "ada@BÜCHER.example": "ada@xn--bcher-kva.example",
    "ada@xn--bcher-kva.example": "ada@xn--bcher-kva.example",
    "ada@例え。テスト": "ada@xn--r8jz45g.xn--zckzah",
    "a" * 64 + "@shop.example": "a" * 64 + "@shop.example",
}


@pytest.mark.parametrize("email", UNREACHABLE)
def test_address_that_no_mail_can_reach_is_refused(email):
    with pytest.raises(ValidationError):
        email_addresses.normalize(email)


@pytest.mark.parametrize(("typed", "kept"), KEPT.items())
def test_address_is_kept_as_it_goes_on_the_wire(typed, kept):
    assert email_addresses.normalize(typed) == kept == email_addresses.normalize(kept)


@for_every(st.one_of(st.text(max_size=80), st.emails(), st.from_regex(r"[\w.]+@\w+\.\w+")))
def test_whatever_is_taken_fits_on_the_wire_and_django_sends_to_it(email):
    try:
        kept = email_addresses.normalize(email)
    except ValidationError:
        return
    assert kept.isascii()
    assert len(kept) <= email_addresses.LONGEST
    try:
        assert sanitize_address(kept, "utf-8") == kept
    except (HeaderParseError, ValueError) as error:
        raise AssertionError(kept) from error


def _all(base: type) -> Iterator[type]:
    for sub in base.__subclasses__():
        yield sub
        yield from _all(sub)


def _mail_fields(form: forms.BaseForm) -> dict[str, forms.Field]:
    return {
        name: field
        for name, field in form.fields.items()
        if isinstance(field, forms.EmailField) or "mail" in name
    }


def _asks_for_mail(form: type) -> bool:
    """Of the forms that are made of nothing but what is typed."""
    if not form.__module__.startswith("shop."):
        return False
    try:
        return bool(_mail_fields(form()))
    except (TypeError, KeyError):
        return False


FORMS = sorted(filter(_asks_for_mail, set(_all(forms.BaseForm))), key=str)


def test_the_shop_has_forms_that_ask_for_an_address():
    known = {"AddEmailForm", "CheckoutForm", "LoginForm", "ResetPasswordForm", "SignUpForm"}
    assert {form.__name__ for form in FORMS} >= {*known, "BackInStockForm"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_takes_only_addresses_that_mail_can_reach(form):
    for name, field in _mail_fields(form()).items():
        assert isinstance(field, MailboxField), name
        assert field.clean("Ada@BÜCHER.example") == "ada@xn--bcher-kva.example"
        for email in UNREACHABLE:
            with pytest.raises(ValidationError):
                field.clean(email)


def _schemas() -> Iterator[tuple[type[Schema], str, Any]]:
    for schema in sorted(set(_all(Schema)), key=str):
        for name, field in schema.model_fields.items():
            if schema.__module__.startswith("shop.") and "mail" in name:
                yield schema, name, field


def test_every_schema_takes_only_addresses_that_mail_can_reach():
    found = list(_schemas())
    assert found
    for schema, name, field in found:
        taken = TypeAdapter(Annotated[field.annotation, *field.metadata])
        assert taken.validate_python("Ada@shop.example") == "ada@shop.example", (schema, name)
        for email in UNREACHABLE:
            with pytest.raises(Unfit):
                taken.validate_python(email)


def test_every_page_of_staff_takes_only_addresses_that_mail_can_reach(rf):
    request, found = rf.get("/"), []
    request.user = get_user_model()(is_superuser=True, is_active=True, is_staff=True)
    for page in admin.site._registry.values():
        for row in (None, page.model()):
            if not page.has_change_permission(request):
                continue
            form = page.get_form(request, row, change=row is not None)
            found += [f for f in form.base_fields.values() if isinstance(f, forms.EmailField)]
    assert found
    assert {type(field) for field in found} == {MailboxField}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/signup/", "/password-reset/"])
@pytest.mark.parametrize("email", [UNREACHABLE[0], "İ" * 60 + "@shop.example"])
def test_nothing_is_emitted_of_an_address_that_is_refused(client, path, email):
    answer = client.post(path, {"email": email, "name": "Ada", "password1": "long enough 7"})
    assert answer.status_code == 422
    assert not OutboxEvent.objects.exists()


def test_no_order_is_placed_with_an_address_that_is_too_long():
    """Whatever places it: the shop's own pages ask for more."""
    with pytest.raises(OrderInvalid, match="email"):
        check(order_details(email="a" * 255))
