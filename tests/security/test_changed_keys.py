"""A new SECRET_KEY ends nothing that was decided or promised with the old one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from uuid6 import uuid7

from billing.sandbox import tokenize
from fraud.models import Blocked
from notifications.models import ErasedCustomer
from notifications.unsubscribing import mail_id_of, token_of
from shop.events import CustomerErased, ProfileChanged
from tests.unit.storefront.people import account

pytestmark = pytest.mark.django_db

OLD, NEW = "the key from before", "the key from now on"


@pytest.fixture
def changed(settings):
    """Call it to change the key."""
    settings.SECRET_KEY = OLD

    def change(*fallbacks: str) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, list(fallbacks)

    return change


def test_a_block_that_nobody_can_read_still_blocks(changed):
    Blocked(value="ada@example.com").save()
    Blocked.objects.get().obscure()
    changed()
    assert Blocked.find("Ada@example.com")


def test_a_card_is_the_same_card(changed):
    before = tokenize("4242424242424242", "ada@example.com", "GB").fingerprint
    changed()
    assert tokenize("4242424242424242", "ada@example.com", "GB").fingerprint == before


def test_who_was_forgotten_stays_so(changed):
    now = timezone.now()
    erased = CustomerErased(
        customer_id="user-1", email="ada@example.com", order_ids=(), cart_ids=()
    ).stamp(uuid7(), now)
    ErasedCustomer.remember(erased)
    changed()
    late = ProfileChanged(customer_id="user-2", email="ADA@example.com", name="A", language="en")
    assert ErasedCustomer.covers(late.stamp(uuid7(), now - timedelta(days=1)))


def test_sessions_and_links_go_on_while_the_old_key_is_a_fallback(changed):
    client, mail = Client(), uuid7()
    client.force_login(account())
    link = token_of(mail)
    changed(OLD)
    assert client.get("/account/").status_code == 200
    assert mail_id_of(link) == mail
