"""Alerts: told of once, ended once, by mail and webhook."""

import json
import string
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from devtools.waiting import wait_until
from eventbus.console.alerts import evaluation, fallback, ways
from eventbus.console.alerts.evaluation import QUIET_FOR, evaluate_rules
from eventbus.console.alerts.rules import MOST_CAUSES, all_rules
from eventbus.console.alerts.webhook import post
from eventbus.console.events import AlertEnded, AlertRaised
from eventbus.console.hooks import Facts
from eventbus.console.models import Alert
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.outage_state import Outage
from eventbus.operations.models import OverdueEpisode
from eventbus.testing import emitted, given
from shop.audit.models import AuditRun
from tests.unit.console.history import add_event, reacted
from tests.unit.console.test_failed import trouble
from tests.unit.eventbus.test_workers import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def unheard():
    """An alert of two minutes ago that no worker has told of."""
    trouble()
    evaluate_rules()
    Alert.objects.update(began_at=timezone.now() - timedelta(minutes=2))
    return Alert.objects.get()


def mailed(count=1):
    wait_until(lambda: len(mail.outbox) >= count, 120, "mails")
    return [(message.subject, message.to) for message in mail.outbox]


def test_an_alert_that_no_worker_has_told_of_is_told_by_the_relay_once(unheard, settings):
    for _ in range(2):
        fallback.notify_unreached()
    assert mailed() == [(f"Alert: {unheard.message}", [settings.STAFF_EMAIL])]
    assert "because no worker has" in mail.outbox[0].body


def test_an_alert_that_is_new_or_was_told_by_the_workers_is_not(unheard, monkeypatch):
    notified = []
    monkeypatch.setattr(fallback, "_notify", lambda *text: notified.append(text))
    Alert.objects.update(began_at=timezone.now())
    fallback.notify_unreached()
    Alert.objects.update(began_at=timezone.now() - timedelta(minutes=2))
    event = OutboxEvent.objects.get(type=AlertRaised.type)
    OutboxEvent.objects.update(published_at=timezone.now())
    Delivery.objects.create(event_id=event.id, app="notifications", state="done")
    fallback.notify_unreached()
    assert notified == []
    Delivery.objects.filter(event=event.id).update(state="waiting")
    Alert.objects.update(reached_at=None)
    fallback.notify_unreached()
    assert len(notified) == 1


def test_a_relay_without_its_servers_tells_so_once_and_once_that_it_is_over(settings):
    settings.EVENTBUS_ALERT_SERVERS_AWAY = timedelta(seconds=10)
    fallback.notify_relay_waits(Outage(timedelta(seconds=9), "it may only be read"))
    for _ in range(2):
        fallback.notify_relay_waits(Outage(timedelta(seconds=11), "it may only be read"))
    mailed()
    for _ in range(2):
        fallback.notify_relay_waits(None)
    assert [subject for subject, _ in mailed(2)] == [
        "Alert: nothing is carried",
        "Over: nothing is carried",
    ]
    assert "it may only be read" in mail.outbox[0].body


def test_what_a_relay_tells_itself_goes_to_the_webhook_too(monkeypatch, settings):
    posted, settings.EVENTBUS_ALERT_WEBHOOK = [], "http://127.0.0.1:1/"
    monkeypatch.setattr(ways, "post_plain", lambda *request: posted.append(request))
    fallback.notify_relay_waits(Outage(timedelta(hours=1), "away"))
    fallback.notify_relay_waits(None)
    wait_until(lambda: len(posted) == 2, 120, "posts")
    assert {json.loads(body)["type"] for _, body, _ in posted} == {
        "eventbus.RelayWaits",
        "eventbus.RelayWorks",
    }


def test_a_worker_that_fails_at_all_it_tries_is_found():
    seen("billing", host="one", failing_since=timezone.now(), last_error="may only be read")
    assert found("failing worker") == ["billing@one, process 1"]


def found(name):
    rule = next(rule for rule in all_rules() if rule.name == name)
    return [each.about for each in rule.look(Facts())]


def waiting(reaction="billing.authorize", state="waiting"):
    return reacted(add_event("orders.OrderPlaced", uuid4()), reaction, state)


def test_an_old_event_in_a_queue_is_found_unless_its_app_is_paused():
    row = waiting()
    assert found("queue age") == []
    Delivery.objects.filter(pk=row.pk).update(waiting_since=timezone.now() - timedelta(hours=1))
    assert found("queue age") == ["billing"]
    pause.pause("billing", by="olga", reason="on purpose")
    assert found("queue age") == []


def test_failures_are_found_by_their_share_and_not_when_they_are_few():
    for _ in range(4):
        waiting(state="failed")
    assert found("failure rate") == []
    waiting(state="failed")
    assert found("failure rate") == ["billing"]


def parked_for(*errors):
    return [trouble(error=f"ValueError: {error}") for error in errors]


def test_what_is_parked_is_found_by_its_cause():
    first, _, other = parked_for("no card", "no card", "no bank")
    assert found("parked") == [f"billing {row.fingerprint}" for row in (first, other)]


def test_a_second_cause_in_an_app_is_told_of_by_itself():
    for error in ("no card", "no card", "no bank"):
        parked_for(error)
        evaluate_rules()
    assert len(emitted(AlertRaised)) == 2


def test_a_fault_that_parks_in_many_ways_is_told_of_in_a_few_mails():
    parked_for(*string.ascii_letters)
    evaluate_rules()
    notified = [event.message for event in emitted(AlertRaised)]
    assert len(notified) == MOST_CAUSES + 1
    assert (
        f"billing: {52 - MOST_CAUSES} more parked, for {52 - MOST_CAUSES} other reasons" in notified
    )


def test_an_event_that_is_not_published_in_time_is_found():
    add_event("orders.OrderPlaced", uuid4(), published=False)
    assert found("outbox lag") == [""]


def test_a_scheduled_event_is_not_late():
    row = add_event("orders.OrderPlaced", uuid4(), published=False)
    OutboxEvent.objects.filter(pk=row.pk).update(publish_after=timezone.now() + timedelta(days=1))
    assert found("outbox lag") == []


def test_reactions_that_are_overdue_are_found_by_app():
    for reaction in ("authorize", "capture"):
        OverdueEpisode.objects.create(
            app="billing", reaction=reaction, event_id=uuid4(), waiting_since=timezone.now()
        )
    assert found("overdue reactions") == ["billing"]


def test_a_broken_promise_is_found_until_an_audit_finds_it_mended():
    finding = {"rule": "nothing twice", "violations": 1, "promise": "doubled", "examples": []}
    long_ago = timezone.now() - timedelta(hours=1)
    AuditRun.objects.create(by="olga", finished_at=long_ago, findings=[finding])
    assert found("audit failure") == ["nothing twice"]
    AuditRun.objects.create(by="olga", finished_at=timezone.now(), findings=[])
    assert found("audit failure") == []


def test_an_order_that_is_not_under_way_is_found(settings):
    from orders.models import Order
    from tests.scenarios.conftest import buy, small_shop

    small_shop(settings)
    order = buy()
    assert found("stuck orders") == []
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    assert found("stuck orders") == [""]


def test_an_episode_is_told_once_and_its_end_once():
    row = trouble()
    for _ in range(3):
        evaluate_rules()
    about = f"billing {row.fingerprint}"
    assert [(e.rule, e.about) for e in emitted(AlertRaised)] == [("parked", about)]
    row.delete()
    evaluate_rules()
    assert not emitted(AlertEnded)
    Alert.objects.update(seen_at=timezone.now() - QUIET_FOR - timedelta(seconds=1))
    evaluate_rules()
    evaluate_rules()
    assert len(emitted(AlertEnded)) == 1


def test_what_swings_around_its_limit_is_one_episode():
    for _ in range(3):
        trouble()
        evaluate_rules()
        Delivery.objects.filter(state="parked").delete()
        evaluate_rules()
    assert len(emitted(AlertRaised)) == 1


def test_what_comes_back_after_its_end_is_another_episode():
    for _ in range(2):
        trouble()
        evaluate_rules()
        Delivery.objects.filter(state="parked").delete()
        Alert.objects.update(seen_at=timezone.now() - QUIET_FOR - timedelta(seconds=1))
        evaluate_rules()
    assert len(emitted(AlertRaised)) == len(emitted(AlertEnded)) == 2


def test_a_rule_that_fails_is_told_of_and_neither_hides_others_nor_ends_its_own(monkeypatch):
    row = trouble()
    evaluate_rules()

    def fail(_):
        yield from Alert.objects.raw("select nothing")

    rules = [replace(rule, look=fail) if rule.name == "parked" else rule for rule in all_rules()]
    monkeypatch.setattr(evaluation, "all_rules", lambda: rules)
    Alert.objects.update(seen_at=timezone.now() - QUIET_FOR - timedelta(seconds=1))
    add_event("orders.OrderPlaced", uuid4(), published=False)
    evaluate_rules()
    assert {(event.rule, event.about) for event in emitted(AlertRaised)} == {
        ("parked", f"billing {row.fingerprint}"),
        ("parked", "the rule itself"),
        ("outbox lag", ""),
    }
    assert not emitted(AlertEnded)


def raised():
    return AlertRaised(
        alert_id=uuid4(),
        rule="parked",
        about="billing",
        message="billing: 3 parked",
        began_at=timezone.now(),
    )


def test_staff_get_a_mail_when_it_begins_and_when_it_is_over(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    event = raised()
    over = AlertEnded(**event.model_dump(), ended_at=timezone.now())
    given(event, over, to="notifications")
    assert [m.subject for m in mail.outbox] == [
        "Alert: billing: 3 parked",
        "Over: billing: 3 parked",
    ]
    assert mail.outbox[0].to == [settings.STAFF_EMAIL]


@pytest.fixture
def machine():
    """A server that keeps what it is posted, and answers with `status`."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.taken.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Taking)
    server.taken, server.status = [], 204
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address_of(machine):
    return f"http://127.0.0.1:{machine.server_port}/alerts"


def test_a_webhook_is_called_once_for_each_event(machine, settings):
    settings.EVENTBUS_ALERT_WEBHOOK = address_of(machine)
    event = raised()
    given(event, to="shop", times=2)
    ((key, body),) = machine.taken
    assert key == body["id"] == str(event.id)
    assert (body["type"], body["message"]) == ("eventbus.AlertRaised", "billing: 3 parked")


def test_a_webhook_that_does_not_take_it_is_called_again_later(machine):
    machine.status = 500
    with pytest.raises(HTTPError):
        post(address_of(machine), raised().stamp(uuid4(), timezone.now()))


def test_without_a_webhook_nobody_is_called(settings):
    settings.EVENTBUS_ALERT_WEBHOOK = ""
    given(raised(), to="shop")
    assert Delivery.objects.get(app="shop").state == "done"


def test_the_page_shows_what_is_open_what_is_past_and_the_rules(operator):
    Alert.objects.create(rule="parked", about="billing", message="billing: 3 parked")
    Alert.objects.create(rule="outbox lag", message="9 unpublished", ended_at=timezone.now())
    page = operator.get(reverse("console:alerts")).content.decode()
    for shown in ("billing: 3 parked", "9 unpublished", "failure rate", "20 %"):
        assert shown in page
