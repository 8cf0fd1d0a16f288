"""What nobody sees is in no text that somebody typed, by whatever form or program it came."""

import pytest
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from shop.invisible_characters import RemoveInvisibleCharacters, without_invisible
from shop.storefront.models import SavedAddress
from tests.unit.storefront.people import account
from tests.unit.storefront.test_addresses import VIENNA

UNSEEN = "\u200b\u2060\ufeff\u00ad\u200e\u202e\u2066\u034f\u180e\u200d"


@pytest.mark.parametrize("letter", UNSEEN)
def test_it_is_taken_out(letter):
    assert without_invisible(f"{letter}Ada{letter} Love{letter}lace{letter}") == "Ada Lovelace"


@pytest.mark.parametrize("blank", "\u3164\u115f\uffa0\u2800")
def test_a_letter_without_a_shape_is_a_space(blank):
    assert without_invisible(blank * 3).strip() == ""


@pytest.mark.parametrize(
    "text",
    ["Łukasz", "👩‍👩‍👧", "❤️", "می‌خواهم", "क्‍ष", "שָׁלוֹם", "山田　太郎", "\tline\n", "10 € – 5 %"],
)
def test_what_is_seen_stays(text):
    assert without_invisible(text) == text


def test_letters_and_their_marks_are_one():
    assert without_invisible("e\u0301") == "é"


@given(st.text())
def test_what_is_visible_is_visible_twice(text):
    assert without_invisible(without_invisible(text)) == without_invisible(text)


def test_every_form_gets_what_is_seen_and_a_password_as_it_is():
    request = RequestFactory().post("/?q=te\u200ba", {"name": "A\u200bda", "password": "a\u200bb"})
    RemoveInvisibleCharacters(lambda _request: HttpResponse()).process_view(
        request, lambda _request: None
    )
    assert QueryDict("q=tea") == request.GET
    assert request.POST.dict() == {"name": "Ada", "password": "a\u200bb"}


@pytest.mark.django_db
def test_an_address_typed_with_it_is_kept_without(client):
    client.force_login(account())
    client.post("/account/addresses/add/", {**VIENNA, "name": "Ada\u200b Love\u00adlace"})
    assert SavedAddress.objects.get().name == "Ada Lovelace"
    page = client.post("/account/addresses/add/", {**VIENNA, "name": "\u200b\u3164"})
    assert list(page.context["form"].errors) == ["name"]
