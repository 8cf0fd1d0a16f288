"""What the bus promises is kept in every way to run it: the suite to which each way conforms.

In this process without a broker; on one machine with Valkey; on RabbitMQ with several workers of
each app. docs/conformance.md compares it with the suites of others.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from eventbus.delivery import pause
from eventbus.delivery.models import OutboxEvent
from eventbus.exceptions import EventTooLarge
from eventbus.operations import failures
from eventbus.testing import emit
from tests.system.brokers.broker_environment import BrokerEnvironment
from tests.system.brokers.conftest import BROKERS, PROCESS
from tests.system.brokers.mail import EVERYBODY

pytestmark = pytest.mark.parametrize("environment", [PROCESS, *BROKERS], indirect=True)


@pytest.fixture(scope="module", autouse=True)
def _many_workers(environment) -> Iterator[None]:
    """On RabbitMQ an app has more than one worker."""
    if isinstance(environment, BrokerEnvironment) and environment.url.startswith("amqp"):
        with environment.with_more_workers():
            yield
    else:
        yield


def test_every_app_that_wants_an_event_gets_it_once(mail):
    note = mail.delivered()
    assert mail.begun(note) == EVERYBODY


def test_an_app_gets_only_the_types_it_wants(mail):
    secret = mail.of("app_a.SecretTold")
    mail.send(secret)
    mail.wait_for(secret, "app_b", "hear_the_secret")
    assert mail.effects(secret) == {("app_b", "hear_the_secret"): 1}
    assert mail.depth("app_a") == 0


def test_an_event_nobody_wants_is_published_and_done_with(mail):
    nothing = mail.of("app_a.NothingSaid")
    mail.send(nothing)
    mail.wait_until_settled(nothing)
    assert not mail.rows(nothing).exists()


def test_many_events_emitted_at_once_all_arrive(mail):
    notes = [mail.note() for _ in range(60)]
    mail.send(*notes)
    mail.wait_for_everybody(*notes)


def test_what_a_reaction_emits_is_carried_on_in_the_same_story(mail):
    note = mail.sent(does={"app_a": "answer"}, text="yes")
    mail.wait_for(note, "app_b", "hear_the_answer")
    answer = mail.answer(note)
    assert (answer.correlation_id, answer.causation_id) == (note.id, note.id)


@pytest.mark.parametrize(
    "text", ["Grüße, 東京 🐦‍⬛ ﷽", "line\nline\ttab\\ \"quoted\" '{}'", "\u202eé́"]
)
def test_text_arrives_as_it_was_written(mail, text):
    note = mail.delivered(text=text)
    assert [mail.text(note, app) for app in ("app_a", "app_b")] == [text, text]


def test_an_amount_arrives_exactly(mail):
    note = mail.delivered(price=Decimal("79228162514264337593543950.335"))
    assert mail.envelope(note).event().price == note.price


def test_an_event_of_a_megabyte_arrives(mail):
    text = "x" * (1024 * 1024 - 1000)
    assert len(mail.text(mail.delivered(text=text), "app_b")) == len(text)


def test_an_event_that_is_too_large_is_refused_when_emitted(mail):
    with pytest.raises(EventTooLarge):
        mail.send(mail.note(text="x" * 1024 * 1024))


def test_a_scheduled_event_waits_for_its_time(mail):
    due = timezone.now() + timedelta(seconds=1.5)
    later, sooner = mail.note(), mail.note()
    mail.send(later, publish_after=due)
    mail.send(sooner)
    mail.wait_for_everybody(sooner)
    assert mail.begun(later) == {} or timezone.now() >= due
    mail.wait_for_everybody(later)


def test_what_was_emitted_in_a_transaction_that_failed_is_never_heard_of(mail):
    never = mail.note()
    with transaction.atomic():
        emit(never)
        transaction.set_rollback(True)
    mail.delivered()
    assert mail.begun(never) == {}


def test_an_event_published_twice_takes_effect_once(mail):
    note = mail.delivered()
    mail.publish(mail.envelope(note), mail.envelope(note))
    mail.delivered()
    assert mail.effects(note) == EVERYBODY


def test_a_failing_reaction_is_tried_again_until_it_works(mail):
    note = mail.delivered(does={"app_b": "fail once"})
    assert mail.begun(note)["app_b", "keep"] == 2


def test_only_the_reaction_that_failed_is_tried_again(mail):
    note = mail.delivered(does={"app_a": "fail once"})
    assert mail.begun(note) == {**EVERYBODY, ("app_a", "keep"): 2}


def test_what_failed_too_often_is_parked_with_its_error(mail):
    note = mail.sent(does={"app_b": "fail"})
    mail.wait_until_settled(note)
    (row,) = mail.rows(note).filter(app="app_b")
    assert (row.state, row.attempts) == ("parked", 3)
    assert "the note cannot be read" in row.error
    assert mail.states(note, "app_a") == {"done"}


def test_poison_does_not_stop_what_is_behind_it(mail):
    poison = mail.note(does={"app_a": "fail", "app_b": "fail"})
    behind = [mail.note() for _ in range(10)]
    mail.send(poison, *behind)
    mail.wait_for_everybody(*behind)
    mail.wait_until_settled(poison)
    assert mail.states(poison, "app_b") == {"parked"}


def test_what_was_parked_runs_when_a_person_retries_it(mail):
    note = mail.sent(does={"app_b": "fail until allowed"})
    mail.wait_until_settled(note)
    mail.allow(note)
    (outcome,) = failures.retry(mail.rows(note).filter(app="app_b"), by="a test")
    assert not outcome.refusal
    mail.wait_for_everybody(note)


def test_a_paused_reaction_waits_and_goes_on_when_resumed(mail):
    pause.pause("app_b", by="a test", reason="to see")
    note = mail.sent()
    mail.wait_for(note, "app_a")
    mail.wait_until_empty("app_b")
    assert mail.begun(note).get(("app_b", "keep")) is None
    pause.resume("app_b", by="a test")
    mail.wait_for_everybody(note)


def test_an_event_type_this_code_does_not_know_comes_again_until_newer_code_takes_it(mail):
    envelope = mail.foreign(type="app_a.OfTomorrow")
    mail.put("app_b", envelope)
    assert "unknown event type app_a.OfTomorrow" in mail.wait_until_put_off(envelope, "app_b")
    # To the workers it is now as if they were of the newer code.
    OutboxEvent.objects.filter(id=envelope.id).update(type="app_a.NoteSent")
    mail.wait_until_taken(envelope, "app_b")


def test_a_newer_version_comes_again_until_code_that_knows_it_takes_it(mail):
    envelope = mail.foreign(version=99)
    mail.put("app_b", envelope)
    assert "has version 99, this code knows 2" in mail.wait_until_put_off(envelope, "app_b")
    # To the workers it is now as if they were of the newer code.
    OutboxEvent.objects.filter(id=envelope.id).update(version=2)
    mail.wait_until_taken(envelope, "app_b")


def test_an_event_that_does_not_fit_its_class_is_parked_with_its_reason(mail):
    envelope = mail.foreign(data={"note": "not an id"})
    mail.put("app_b", envelope)
    assert "note" in mail.wait_for_parked(envelope, "app_b")


def test_an_older_version_is_understood(mail):
    envelope = mail.foreign(version=1)
    mail.publish(envelope)
    mail.wait_until_done(envelope)


def test_fields_that_newer_code_added_are_ignored(mail):
    note = mail.delivered()
    data = {**mail.envelope(note).data, "of_tomorrow": [1, 2]}
    envelope = mail.foreign(data=data)
    mail.publish(envelope)
    mail.wait_until_done(envelope)


def test_what_was_emitted_while_an_app_was_off_waits_for_it(mail, environment):
    environment.turn_off("app_a")
    notes = [mail.sent() for _ in range(5)]
    for note in notes:
        mail.wait_for(note, "app_b")
    environment.turn_on("app_a")
    mail.wait_for_everybody(*notes)


def test_an_event_that_overtakes_its_cause_is_taken_as_it_comes(mail):
    pause.pause("app_b", "keep", by="a test", reason="to be overtaken")
    note = mail.sent(does={"app_a": "answer"}, text="yes")
    mail.wait_for(note, "app_b", "hear_the_answer")
    assert ("app_b", "keep") not in mail.begun(note)
    pause.resume("app_b", "keep", by="a test")
    mail.wait_for(note, "app_b")
    assert mail.effects(note) == {**EVERYBODY, ("app_b", "hear_the_answer"): 1}


def test_an_app_that_joins_late_is_fed_the_past(mail):
    note = mail.delivered()
    mail.forget(note, "app_b")
    call_command("backfill", "app_b", stdout=StringIO())
    mail.wait_for_everybody(note)
