"""A task that an operator ends is a failure that everybody sees, and is tried again."""

from datetime import timedelta

import pytest
from celery.exceptions import Reject
from django.db import OperationalError
from django.utils import timezone

from eventbus.delivery.models import Delivery
from eventbus.delivery.outage_retry import outage_state
from eventbus.messaging import broker, handling, revoked_tasks
from eventbus.operations import failures
from tests.unit.eventbus.deliveries import envelope_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def envelope(rang):
    return envelope_of(rang)


def end(envelope, *, while_it_ran):
    if thread := revoked_tasks.record_revoked("tests", envelope.to_wire(), while_it_ran):
        thread.join()


def rows():
    return Delivery.objects.filter(app="tests").order_by("reaction")


@pytest.mark.parametrize(("while_it_ran", "why"), [(False, "before it ran"), (True, "while it")])
def test_it_is_written_down_as_an_attempt_that_failed_by_an_operator(envelope, while_it_ran, why):
    end(envelope, while_it_ran=while_it_ran)
    assert {(row.state, row.attempts) for row in rows()} == {("failed", 1)}
    assert all(row.error.startswith("ended by an operator " + why) for row in rows())
    assert all(row.resend_at > timezone.now() for row in rows())


def test_people_find_it_among_what_failed_and_can_retry_it(envelope):
    end(envelope, while_it_ran=True)
    (group,) = {group.error for group in failures.groups(failures.failed_or_parked(app="tests"))}
    assert group.startswith("ended by an operator")
    assert not any(outcome.refusal for outcome in failures.retry(rows(), by="ada"))


def test_what_is_ended_again_and_again_is_parked(envelope, settings):
    Delivery.objects.update(attempts=settings.EVENTBUS_MAX_ATTEMPTS - 1)
    end(envelope, while_it_ran=False)
    assert {row.state for row in rows()} == {"parked"}


def test_what_was_done_by_then_stays_done(envelope):
    handling.run("tests", [(envelope.to_wire(), False)])
    end(envelope, while_it_ran=True)
    assert {row.state for row in rows()} == {"done"}


@pytest.mark.parametrize(("while_it_ran", "state"), [(True, "failed"), (False, "waiting")])
def test_only_a_killed_process_loses_what_it_held_for_a_call(envelope, while_it_ran, state):
    end_of_lease = timezone.now() + timedelta(minutes=1)
    Delivery.objects.filter(app="tests").update(leased_until=end_of_lease, attempts=1)
    end(envelope, while_it_ran=while_it_ran)
    assert {(row.state, row.attempts) for row in rows()} == {(state, 1)}


def test_a_message_is_kept_while_its_end_cannot_be_written_down(envelope, monkeypatch):
    def away(*_, **__):
        raise OperationalError("the database is away")

    monkeypatch.setattr(revoked_tasks.ledger, "fail_open", away)
    monkeypatch.setattr(revoked_tasks, "SHORT_RETRY_TIMEOUT", 0.0)
    with pytest.raises(Reject) as rejected:
        end(envelope, while_it_ran=False)
    assert rejected.value.requeue
    outage_state.clear()


def test_what_is_sent_again_is_another_task(envelope):
    """Workers refuse an id that was ended for hours."""
    assert len({broker.task_message(envelope).headers["id"] for _ in range(5)}) == 5
