"""The relay: claims by lease, marks only what the broker took, sends again what is due."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from eventbus.delivery import periodic, relay
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.prepared import PREPARE_AFTER
from eventbus.exceptions import BrokerNotAccepting
from eventbus.messaging import broker as real_broker
from eventbus.messaging.relay_process import RelayLoop
from tests.databases import prepared_statements
from tests.unit.eventbus.brokers import NO_SECOND_TRY, FakeBroker
from tests.unit.eventbus.deliveries import emit_rang
from tests.workers import at_once

PAST = Now() - timedelta(seconds=1)


@pytest.fixture
def broker():
    return FakeBroker()


pytestmark = pytest.mark.django_db


def test_deliveries_are_there_before_anything_is_published(broker):
    seen = []
    broker.to_exchange = lambda envelopes: seen.append(Delivery.objects.count()) or len(envelopes)
    emit_rang()
    relay.publish_due(broker)
    assert seen[0] >= 2


def test_event_is_published_once_and_marked(broker):
    event = emit_rang()
    assert relay.publish_due(broker) == 1
    assert relay.publish_due(broker) == 0
    assert broker.exchange == [event.id]
    assert OutboxEvent.objects.get().published_at


def test_what_the_broker_did_not_take_is_published_later(broker):
    event, broker.down = emit_rang(), True
    with pytest.raises(ConnectionError):
        relay.publish_due(broker)
    assert OutboxEvent.objects.get().published_at is None
    broker.down = False
    relay.publish_due(broker)
    assert broker.exchange == [event.id]


def test_of_a_batch_a_slow_broker_takes_in_pieces_each_event_is_published_once(broker):
    ids, broker.takes = [emit_rang().id for _ in range(3)], 2
    assert [relay.publish_due(broker) for _ in range(3)] == [2, 1, 0]
    assert broker.exchange == ids


def test_scheduled_event_is_published_when_due_and_not_before(broker):
    emit_rang(publish_after=timezone.now() + timedelta(hours=1))
    assert relay.publish_due(broker) == 0
    OutboxEvent.objects.update(publish_after=timezone.now() - timedelta(seconds=1))
    assert relay.publish_due(broker) == 1


def test_type_this_code_does_not_know_is_left_to_a_relay_that_does(broker):
    emit_rang()
    OutboxEvent.objects.update(type="tests.FromTomorrow")
    assert relay.publish_due(broker) == 0
    assert OutboxEvent.objects.get().claimed_until is None


def test_events_that_wait_for_newer_code_are_named(caplog):
    emit_rang()
    relay.warn_of_unknown()
    assert not caplog.records
    OutboxEvent.objects.update(type="tests.FromTomorrow")
    relay.warn_of_unknown()
    assert "tests.FromTomorrow" in caplog.text


def test_claimed_row_is_left_alone_until_its_lease_is_over(broker):
    emit_rang()
    assert len(relay.claim()) == 1
    assert relay.claim() == []
    OutboxEvent.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert len(relay.claim()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_relays_do_not_claim_the_same_row(broker):
    other = connection.copy()
    for _ in range(3):
        emit_rang()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select id from eventbus_outboxevent order by id limit 2 for update")
            taken = {row[0] for row in cursor.fetchall()}
            claimed = {row.id for row in relay.claim()}
    finally:
        other.close()
    assert len(claimed) == 1
    assert not claimed & taken


@pytest.mark.django_db(transaction=True)
def test_of_relays_side_by_side_each_event_is_published_by_one(monkeypatch):
    monkeypatch.setattr(relay, "claim", partial(relay.claim, limit=3))
    emitted = {emit_rang().id for _ in range(60)}
    brokers = [FakeBroker() for _ in range(3)]
    start = Barrier(len(brokers), timeout=30)

    def publish_all(broker):
        start.wait()
        while relay.publish_due(broker):
            pass

    at_once(*(partial(publish_all, broker) for broker in brokers))
    published = [id for broker in brokers for id in broker.exchange]
    assert len(published) == len(emitted)
    assert set(published) == emitted


@pytest.fixture
def published(broker):
    event = emit_rang()
    relay.publish_due(broker)
    return event


def make_due(**fields):
    Delivery.objects.filter(app="tests").update(
        resend_at=timezone.now() - timedelta(seconds=1), **fields
    )
    Delivery.objects.exclude(app="tests").delete()


def test_unanswered_delivery_is_sent_again_to_its_own_queue_only(broker, published):
    make_due()
    assert relay.resend_due(broker) == 1
    assert broker.queues == [("tests", published.id)]
    assert broker.exchange == [published.id]


def test_unanswered_delivery_is_not_sent_again_while_the_queue_has_messages(broker, published):
    make_due()
    broker.depths["tests"] = 1
    assert relay.resend_due(broker) == 0


def test_failed_delivery_is_retried_when_due_whatever_the_queue_holds(broker, published):
    make_due(state="failed")
    broker.depths["tests"] = 1
    assert relay.resend_due(broker) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}


@pytest.mark.parametrize("was", Delivery.OPEN)
def test_what_the_broker_did_not_take_again_stays_due_and_waits_no_longer_for_it(
    broker, published, was
):
    make_due(state=was)
    before = list(Delivery.objects.order_by("id").values_list("state", "sends"))
    broker.down = True
    for _ in range(3):
        with pytest.raises(ConnectionError):
            relay.resend_due(broker)
    assert list(Delivery.objects.order_by("id").values_list("state", "sends")) == before
    broker.down = False
    assert relay.resend_due(broker) > 0


def test_of_what_is_sent_again_in_pieces_each_event_is_sent_once(broker, published):
    other = emit_rang()
    relay.publish_due(broker)
    make_due()
    broker.takes = 1
    assert [relay.resend_due(broker) for _ in range(3)] == [1, 1, 0]
    assert {id for _, id in broker.queues} == {published.id, other.id}


def test_abandoned_outside_call_is_sent_again_whatever_the_queue_holds(broker, published):
    make_due(leased_until=timezone.now() - timedelta(seconds=1))
    broker.depths["tests"] = 1
    assert relay.resend_due(broker) == 1


@pytest.mark.parametrize("was", [{"leased_until": PAST}, {"state": "failed"}])
def test_what_was_sent_once_waits_for_an_empty_queue_like_any_other(broker, published, was):
    make_due(**was)
    broker.depths["tests"] = 1000
    assert relay.resend_due(broker) == 1
    make_due()
    assert relay.resend_due(broker) == 0
    broker.depths["tests"] = 0
    assert relay.resend_due(broker) == 1


def test_what_was_held_and_the_broker_did_not_take_is_sent_again_whatever_the_queue_holds(
    broker, published
):
    make_due(leased_until=PAST)
    broker.depths["tests"], broker.down = 1000, True
    with pytest.raises(ConnectionError):
        relay.resend_due(broker)
    broker.down = False
    assert relay.resend_due(broker) == 1
    assert set(Delivery.objects.values_list("sends", flat=True)) == {1}


def test_open_delivery_of_an_app_that_was_removed_stops_no_other(broker, published):
    make_due()
    Delivery.objects.create(event_id=published.id, app="a-gone-app", resend_at=timezone.now())
    broker.depth = {"tests": 0}.__getitem__
    assert relay.resend_due(broker) == 1


def test_what_is_not_due_or_closed_is_not_sent_again(broker, published):
    assert relay.resend_due(broker) == 0
    make_due(state="done")
    assert relay.resend_due(broker) == 0


def test_what_is_done_beside_does_not_stop_the_relay(caplog):
    def fail():
        raise LookupError("no figures")

    RelayLoop()._run_isolated("count", 0, fail)
    assert "no figures" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_limits_are_looked_at_while_the_broker_is_away(settings, caplog, monkeypatch):
    settings.EVENTBUS_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.EVENTBUS_CONNECT_WITHIN = NO_SECOND_TRY
    loop = RelayLoop()
    alerts = next(job for job in periodic.jobs() if job.name == "alerts")
    monkeypatch.setitem(periodic._jobs, "alerts", replace(alerts, run=loop.stop))
    loop.run()
    assert "relay waits: a server is away" in caplog.text


def test_each_sending_doubles_the_wait_for_the_next(broker, published, settings):
    settings.EVENTBUS_OVERDUE_AFTER = timedelta(seconds=10)
    assert [relay.resend_delay(n).total_seconds() for n in (1, 2, 3)] == [20, 40, 80]
    assert relay.resend_delay(60) == relay.LONGEST_RESEND
    make_due()
    relay.resend_due(broker)
    assert relay.resend_due(broker) == 0


def test_it_is_up_again_only_once_the_broker_takes_a_message():
    """Nothing being due, a turn is made without the broker."""
    loop = RelayLoop()
    loop._outage_state.record("the broker is away")
    publisher = real_broker.Publisher()
    client = publisher.connection.default_channel.client
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(BrokerNotAccepting):
            loop._report_recovery(publisher, 0)
        assert loop.activity().outage
    finally:
        client.config_set("maxmemory", 0)
    loop._report_recovery(publisher, 0)
    assert not loop.activity().outage
    publisher.close()


@pytest.mark.django_db(transaction=True)
def test_a_relay_has_its_claim_prepared_which_reads_events_as_before():
    for _ in range(PREPARE_AFTER + 1):
        relay.claim()
    (statement,) = prepared_statements()
    assert "update eventbus_outboxevent" in statement
    emit_rang()
    [row] = relay.claim()
    assert row.envelope == OutboxEvent.objects.get().envelope
