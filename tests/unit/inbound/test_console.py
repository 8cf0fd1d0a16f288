"""The console shows by which id a foreign system stated an event."""

import pytest
from django.urls import reverse

from eventbus.delivery.models import OutboxEvent
from eventbus.inbound.accepting import accept
from eventbus.testing import settle
from tests.unit.console.conftest import person
from tests.unit.inbound.events import StockCounted, StockLow

pytestmark = pytest.mark.django_db


def page(type):
    row = OutboxEvent.objects.get(type=type)
    address = reverse("console:payload", args=[row.id])
    return person("olga", "operate").get(address).content.decode()


def test_what_a_foreign_system_stated_is_shown_with_its_source_and_id(counted):
    accept(counted | {"id": "<count-17>"})
    assert "Stated by //warehouse as &lt;count-17&gt;" in page(StockCounted.type)


def test_what_followed_from_it_was_stated_by_us(counted):
    accept(counted)
    settle()
    assert "Stated by" not in page(StockLow.type)
