"""What comes from outside: accepted, or kept as rejected."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from eventbus.delivery.models import OutboxEvent
from eventbus.inbound import accepting, receiving, rejections
from eventbus.inbound.models import InboundEvent, RejectedEvent
from eventbus.inbound.receiving import receive
from eventbus.operations.models import RejectedMessage
from tests.unit.inbound.events import StockCounted

pytestmark = pytest.mark.django_db
BY = "shop.inbound"


@pytest.fixture
def wrong(counted) -> bytes:
    """Has too few units, and a name in its content that nobody may read in a log."""
    return json.dumps(counted | {"data": {"sku": "MUG-1", "units": "Wilhelmina"}}).encode()


def test_a_good_event_is_taken_once(counted):
    content = json.dumps(counted).encode()
    assert receive(content, via=BY)
    assert not receive(content, via=BY)
    assert InboundEvent.objects.count() == 1
    assert not RejectedEvent.objects.exists()


def test_a_rejected_event_is_kept_with_its_reason_and_names(wrong):
    assert not receive(wrong, via=BY)
    row = RejectedEvent.objects.get()
    assert row.reason.startswith("its data does not fit: tests.StockCounted: units: ")
    assert (row.source, row.foreign_id, row.type) == (
        "//warehouse",
        "count-17",
        "acme.stock.counted",
    )
    assert (row.via, row.size, bytes(row.content)) == (BY, len(wrong), wrong)


def test_the_same_message_is_kept_once_and_counted(wrong):
    for _ in range(3):
        receive(wrong, via=BY)
    assert RejectedEvent.objects.get().count == 3


def test_rejected_events_are_counted_among_rejected_messages(wrong):
    receive(wrong, via=BY)
    row = RejectedMessage.objects.get()
    assert (row.app, row.reason, row.last_task) == (
        BY,
        "its data does not fit",
        "acme.stock.counted",
    )


def test_what_is_in_a_rejected_event_is_in_no_log(wrong, caplog, capsys):
    receive(wrong, via=BY)
    out = capsys.readouterr()
    assert "Wilhelmina" not in caplog.text + out.out + out.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"{",
        b"[" * 100_000,
        b'{"id": NaN}',
        b'{"specversion": ' + b"1" * 10_000 + b"}",
        b'"\\ud800"',
        b'{"id": "\\u0000", "source": "\\ud800", "type": {}}',
    ],
)
def test_nothing_that_comes_stops_the_process(content):
    assert not receive(content, via=BY)
    assert RejectedEvent.objects.get().size == len(content)


def test_of_what_is_too_large_nothing_is_kept_but_its_size():
    content = b"x" * 1_100_000
    receive(content, via=BY)
    row = RejectedEvent.objects.get()
    assert row.reason == "it is too large: 1,100,000 bytes are more than 1,056,768"
    assert (row.size, row.content) == (1_100_000, None)


def test_an_error_nobody_thought_of_is_a_reason_too(counted):
    def fail(**_):
        raise ZeroDivisionError("Wilhelmina")

    StockCounted.signal.connect(fail)
    try:
        receive(json.dumps(counted).encode(), via=BY)
    finally:
        StockCounted.signal.disconnect(fail)
    assert RejectedEvent.objects.get().reason == "it failed: ZeroDivisionError"
    assert not OutboxEvent.objects.exists()


def test_what_fails_by_chance_is_tried_again(counted, monkeypatch):
    deadlocks = ["once", "twice"]

    def accept(cloud_event):
        if deadlocks:
            raise OperationalError(deadlocks.pop())
        return accepting.accept(cloud_event)

    monkeypatch.setattr(receiving, "accept", accept)
    assert receive(json.dumps(counted).encode(), via=BY)


def test_while_the_database_is_away_nothing_is_rejected(counted, monkeypatch):
    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(receiving, "accept", away)
    monkeypatch.setattr(receiving.outage, "is_outage", lambda error: True)
    with pytest.raises(OperationalError):
        receive(json.dumps(counted).encode(), via=BY)
    assert not RejectedEvent.objects.exists()


def test_what_was_rejected_is_accepted_once_its_reason_is_mended(counted, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(StockCounted, "foreign_source", "//elsewhere")
        receive(json.dumps(counted).encode(), via=BY)
    assert rejections.retry(RejectedEvent.objects.all()) == (1, 0)
    assert InboundEvent.objects.get().foreign_id == "count-17"
    assert not RejectedEvent.objects.exists()


def test_what_is_still_wrong_stays_with_the_reason_of_today(counted, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(StockCounted, "foreign_source", "//elsewhere")
        receive(json.dumps(counted | {"data": {"sku": "M"}}).encode(), via=BY)
    assert rejections.retry(RejectedEvent.objects.all()) == (0, 1)
    assert RejectedEvent.objects.get().reason.startswith("its data does not fit")


def test_what_was_rejected_long_ago_is_forgotten(wrong):
    receive(wrong, via=BY)
    rejections.forget_old()
    assert RejectedEvent.objects.exists()
    RejectedEvent.objects.update(last_at=timezone.now() - rejections.KEPT_FOR - timedelta(hours=1))
    rejections.forget_old()
    assert not RejectedEvent.objects.exists()
