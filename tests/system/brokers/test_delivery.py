"""Every app gets what it wants, as it was emitted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from eventbus.exceptions import EventTooLarge
from eventbus.testing import emit
from tests.system.brokers.mail import EVERYBODY


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
