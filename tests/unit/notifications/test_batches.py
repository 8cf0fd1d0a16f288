"""What tells of languages together is kept as if it came one by one."""

from datetime import timedelta
from math import inf
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eventbus.delivery.batch import handle_together
from eventbus.testing import given
from notifications.models import Recipient, WatchedCart
from shop.events import CartUpdated, ProfileChanged
from tests.both_ways import assert_same_rows
from tests.unit.notifications import facts
from tests.workers import messages

pytestmark = pytest.mark.django_db

BOB, EVE = "bob@example.com", "eve@example.com"


def cart(number: int, email: str | None = facts.ADA, language: str = "en") -> CartUpdated:
    about = facts.cart(UUID(int=number), number, email=email)
    return about.model_copy(update={"language": language})


def profile(email: str, language: str) -> ProfileChanged:
    return ProfileChanged(customer_id="c-9", email=email, name="Ada", language=language)


def test_a_batch_keeps_the_same_languages_as_one_by_one():
    now = timezone.now()
    given(facts.erased(email=EVE, carts=(UUID(int=7),)), to="notifications")
    Recipient.objects.create(email=BOB, language="fr", since=now + timedelta(minutes=5))
    told = [
        (cart(1, language="de"), 1),
        (cart(2, "ADA@Example.com", "en"), 3),
        (profile(facts.ADA, "fr"), 2),
        (profile(facts.ADA, "it"), 3),
        (profile(BOB, "de"), 4),
        (profile(EVE, "de"), -60),
        (cart(3, "no address", "de"), 1),
        (cart(4, None), 1),
        (cart(7, "late@example.com"), 1),
        (profile("new@example.com", "en"), 9),
        (profile(BOB, "en"), 6),
    ]
    events = [(event, now + timedelta(minutes=minutes)) for event, minutes in told]
    assert_same_rows("notifications", events, [Recipient, WatchedCart])


def test_statements_for_languages_do_not_grow_with_the_batch():
    def statements(size: int) -> int:
        arrived = messages(*(profile(f"{n}@example.com", "en") for n in range(size)))
        with CaptureQueriesContext(connection) as queries:
            handle_together("notifications", arrived, inf)
        return len(queries)

    assert statements(20) == statements(2)
