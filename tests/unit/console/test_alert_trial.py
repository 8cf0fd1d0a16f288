"""The test of the alerts: by every way, told per way, recorded, and not twice at once."""

import json
from datetime import timedelta
from urllib.error import URLError

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from eventbus.console.alerts import evaluation, trial, ways
from eventbus.console.models import Alert
from eventbus.delivery.models import OperatorAction
from eventbus.operations.models import WorkerHeartbeat
from tests.unit.console.test_failed import trouble
from tests.unit.eventbus.test_workers import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(monkeypatch, settings):
    settings.EVENTBUS_ALERT_WEBHOOK = "https://hooks.example/secret-part"
    found = []
    monkeypatch.setattr(ways, "post_plain", lambda *request: found.append(request))
    return found


def send(client):
    answer = client.post(reverse("console:test_alerts"), follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_a_test_goes_by_every_way_says_that_it_is_one_and_what_became_of_it(
    operator, posted, settings
):
    assert send(operator) == [
        f"The test by mail to {settings.EVENTBUS_ALERT_EMAIL} was taken.",
        "The test by webhook to hooks.example was taken.",
    ]
    (sent,) = mail.outbox
    assert "test" in sent.subject.lower()
    assert "Nothing is wrong" in sent.body
    ((_, body, _),) = posted
    assert json.loads(body)["type"] == "eventbus.AlertTest"


def test_a_way_that_is_closed_is_told_with_why_and_the_other_is_tried(
    operator, monkeypatch, posted
):
    def closed(*_):
        raise URLError("refused")

    monkeypatch.setattr(ways, "post_plain", closed)
    by_mail, by_webhook = send(operator)
    assert by_mail.endswith("was taken.")
    assert "was not taken" in by_webhook
    assert "refused" in by_webhook
    assert len(mail.outbox) == 1


def test_who_sent_a_test_and_what_became_of_it_is_recorded_without_the_webhooks_secret(
    operator, posted, settings
):
    send(operator)
    action = OperatorAction.objects.get()
    assert (action.kind, action.by) == ("tested", "olga")
    assert action.reason == (
        f"mail to {settings.EVENTBUS_ALERT_EMAIL}: taken; webhook to hooks.example: taken"
    )
    assert "secret-part" not in operator.get(reverse("console:alerts")).content.decode()


def test_a_second_test_waits_whoever_asks(operator, confidant):
    send(operator)
    assert "No test was sent" in send(confidant)[0]
    assert len(mail.outbox) == 1
    long_ago = timezone.now() - trial.NOT_BEFORE - timedelta(seconds=1)
    OperatorAction.objects.update(at=long_ago)
    send(confidant)
    assert len(mail.outbox) == 2


def test_while_another_process_begins_a_test_none_is_sent(operator, monkeypatch):
    monkeypatch.setattr(trial, "try_advisory_lock", lambda _: False)
    assert "No test was sent" in send(operator)[0]
    assert not mail.outbox


def test_without_a_way_it_says_so(operator, settings):
    settings.EVENTBUS_ALERT_EMAIL = settings.EVENTBUS_ALERT_WEBHOOK = ""
    assert "no mail address and no webhook is configured" in send(operator)[0]
    assert "Send a test" not in operator.get(reverse("console:alerts")).content.decode()


# the rules' states


def state_of(client, name):
    answer = client.get(reverse("console:alerts"))
    (found,) = (each for each in answer.context["rules"] if each["rule"].name == name)
    return found


def test_a_rule_says_whether_it_is_above_now_and_since_when(operator):
    assert state_of(operator, "parked")["open"] == []
    trouble()
    evaluation.evaluate_rules()
    alert = Alert.objects.get()
    assert state_of(operator, "parked")["open"] == [alert]
    assert state_of(operator, "queue age")["open"] == []
    ended = timezone.now()
    Alert.objects.update(ended_at=ended)
    assert state_of(operator, "parked")["last"] == ended


def test_without_a_relay_no_rule_is_called_fine(operator):
    address = reverse("console:alerts")
    assert "nobody looks at the rules" in operator.get(address).content.decode()
    seen("relay")
    assert WorkerHeartbeat.objects.exists()
    assert "nobody looks at the rules" not in operator.get(address).content.decode()
