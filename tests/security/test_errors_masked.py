"""An error that quotes what an event tells of people is masked wherever staff read it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from eventbus.delivery.models import Delivery
from eventbus.testing import settle
from orders.events import OrderPlaced
from tests.scenarios.conftest import buy, small_shop

pytestmark = pytest.mark.django_db

TOLD = "10 Downing Way"


@pytest.fixture
def quoting(settings) -> Delivery:
    """A delivery that was given up, with an error that names who ordered and where."""
    small_shop(settings)
    order = buy()
    placed = order.pk
    settle()
    row = Delivery.objects.filter(event__type=OrderPlaced.type, event__subject=placed).first()
    row.event.data["ship_to"]["line1"] = TOLD
    row.event.save()
    error = f"ValueError: no house {TOLD} for ada@example.com"
    Delivery.objects.filter(pk=row.pk).update(state="parked", error=error, fingerprint="f" * 16)
    return Delivery.objects.get(pk=row.pk)


def pages(row: Delivery) -> list[str]:
    return [
        reverse("admin:eventbus_delivery_change", args=[row.pk]),
        reverse("admin:eventbus_delivery_changelist"),
        reverse("admin:eventbus_outboxevent_change", args=[row.event_id]),
        reverse("admin:order", args=[row.event.subject]),
        reverse("console:delivery", args=[row.pk]),
        reverse("console:group", args=[row.fingerprint]),
        reverse("console:failed"),
        reverse("console:story", args=[row.event.subject]),
    ]


def person(*rights: str) -> Client:
    user = User.objects.create_user("-".join(rights)[:100], is_staff=True)
    wanted = ("view_delivery", "view_outboxevent", "operate", "view_order", *rights)
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client = Client()
    client.force_login(user)
    return client


def test_who_may_not_see_persons_sees_none_in_an_error(quoting):
    client = person("view_mail")
    for address in pages(quoting):
        answer = client.get(address)
        assert answer.status_code == 200, address
        shown = answer.content.decode()
        assert TOLD not in shown, address
        assert "for ada@example.com" not in shown, address


def test_who_may_see_persons_reads_the_whole_error(quoting):
    client = person("see_personal")
    address = reverse("admin:eventbus_delivery_change", args=[quoting.pk])
    assert TOLD in client.get(address).content.decode()


def test_errors_are_not_searched(quoting):
    address = reverse("admin:eventbus_delivery_changelist")
    found = person("see_personal").get(address, {"q": "Downing"})
    assert found.context["cl"].result_count == 0
