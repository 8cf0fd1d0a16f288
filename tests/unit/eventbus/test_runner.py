"""One effect per event and reaction, however messages come."""

import contextlib
import signal
import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from eventbus import clock
from eventbus.delivery import ledger, outage
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.exceptions import PermanentError
from eventbus.history.models import Redaction
from eventbus.testing import emit, emitted, given, redeliver
from tests.unit.eventbus.conftest import answer_once, behaviour
from tests.unit.eventbus.deliveries import delivery, envelope_of, execute
from tests.unit.eventbus.events import Answered, Knocked, Priced, Rang

pytestmark = pytest.mark.django_db


def break_with(error: Exception):
    def fail(_):
        raise error

    return fail


def test_many_copies_have_one_effect(rang):
    given(rang, to="tests", times=3)
    redeliver(rang, rang, to="tests")
    assert len(emitted(Answered)) == 1
    assert delivery("answer").state == "done"


def test_failing_reaction_is_recorded_and_harms_no_other(rang):
    behaviour["answer"] = break_with(ValueError("no butler"))
    handle("tests", [Incoming(envelope_of(rang))])
    failed, fine = delivery("answer"), delivery("wake_the_dog")
    assert (failed.state, failed.attempts, fine.state) == ("failed", 1, "done")
    assert "no butler" in failed.error
    assert failed.resend_at > timezone.now()


def test_failing_reaction_emits_and_changes_nothing(rang):
    def half_done(event):
        answer_once(event)
        OutboxEvent.objects.filter(id=event.id).update(subject="changed")
        raise ValueError

    behaviour["answer"] = half_done
    handle("tests", [Incoming(envelope_of(rang))])
    assert not emitted(Answered)
    assert OutboxEvent.objects.get(id=rang.id).subject == rang.subject


def test_copy_of_a_failed_one_does_not_hurry_its_retry(rang):
    behaviour["answer"] = break_with(ValueError())
    envelope = envelope_of(rang)
    for _ in range(3):
        handle("tests", [Incoming(envelope)])
    assert delivery("answer").attempts == 1


def test_event_emitted_in_a_savepoint_that_is_rolled_back_is_not_emitted(rang):
    def try_something(event):
        with contextlib.suppress(LookupError), transaction.atomic():
            answer_once(event)
            raise LookupError

    behaviour["answer"] = try_something
    given(rang, to="tests")
    assert not emitted(Answered)


@pytest.mark.parametrize("subject", ["with a \0 in it", "x" * 256])
def test_follow_on_event_that_cannot_be_kept_is_that_reactions_failure(rang, subject):
    behaviour["answer"] = lambda _: emit(Priced(thing=subject, price=Decimal(1)))
    handle("tests", [Incoming(envelope_of(rang))])
    assert (delivery("answer").state, delivery("wake_the_dog").state) == ("failed", "done")
    assert delivery("answer").error


def test_deferred_constraint_is_its_own_reactions_failure(rang):
    behaviour["answer"] = lambda _: Redaction.objects.create(cause_id=uuid4(), subjects=[])
    handle("tests", [Incoming(envelope_of(rang))])
    assert (delivery("answer").state, delivery("wake_the_dog").state) == ("failed", "done")
    assert "ForeignKeyViolation" in delivery("answer").error


@pytest.mark.parametrize(
    ("text", "shown"), [("a \0 byte", "a \\0 byte"), ("a file \udcff", "a file \\udcff")]
)
@pytest.mark.parametrize("error", [ValueError, PermanentError])
def test_error_text_may_hold_any_character(rang, error, text, shown):
    behaviour["answer"] = break_with(error(text))
    handle("tests", [Incoming(envelope_of(rang))])
    assert shown in delivery("answer").error
    assert delivery("wake_the_dog").state == "done"


@pytest.mark.django_db(transaction=True)
def test_error_that_leaves_the_connection_spoilt_is_recorded_on_a_new_one(rang):
    def fail(_):
        connection.connection.close()
        raise ValueError("no butler")

    behaviour["answer"] = fail
    handle("tests", [Incoming(envelope_of(rang))])
    failed, fine = delivery("answer"), delivery("wake_the_dog")
    assert (failed.state, failed.attempts, fine.state) == ("failed", 1, "done")
    assert "no butler" in failed.error


@pytest.mark.django_db(transaction=True)
def test_time_limit_within_a_statement_is_recorded_and_ends_the_statement(rang):
    def sleep(_):
        with within(0.3), connection.cursor() as cursor:
            cursor.execute(f"select nextval('{SEQUENCE}') from pg_sleep(20)")

    behaviour["answer"], before = sleep, counted()
    handle("tests", [Incoming(envelope_of(rang))])
    failed, fine = delivery("answer"), delivery("wake_the_dog")
    assert (failed.state, failed.attempts, fine.state) == ("failed", 1, "done")
    assert "SoftTimeLimitExceeded" in failed.error
    assert not running(SEQUENCE)
    assert counted() == before, "it came to its own end, for which everybody waited"


@pytest.mark.django_db(transaction=True)
def test_time_limit_after_an_outside_call_is_recorded_too():
    def reaction(_):
        yield lambda: None
        with within(0.3), connection.cursor() as cursor:
            cursor.execute("select pg_sleep(600)")

    behaviour["open_the_door"] = reaction
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    failed = delivery("open_the_door")
    assert (failed.state, failed.attempts, failed.leased_until) == ("failed", 1, None)


@contextlib.contextmanager
def within(seconds):
    """Celery's soft time limit, which strikes by a signal."""

    def strike(*_):
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


#: What it has given out no rollback takes back.
SEQUENCE = "eventbus_history_redaction_id_seq"


def counted():
    with connection.cursor() as cursor:
        cursor.execute(f"select last_value, is_called from {SEQUENCE}")
        return cursor.fetchone()


def running(statement):
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where state = 'active' and query like %s"
            " and pid <> pg_backend_pid()",
            [f"%{statement}%"],
        )
        return cursor.fetchone()[0]


#: What a database says of itself.
OUTAGES = ("57P01", "57P03", "53100", "53300", "08006", "28P01", "25006", "58030")


@pytest.mark.parametrize("code", OUTAGES)
@pytest.mark.django_db(transaction=True)
def test_state_of_the_database_is_no_failure_of_a_reaction(rang, code):
    behaviour["answer"] = lambda _: execute(
        f"do $$ begin raise 'so it is' using errcode = '{code}'; end $$"
    )
    envelope = envelope_of(rang)
    with pytest.raises(DatabaseError):
        handle("tests", [Incoming(envelope)])
    rows = Delivery.objects.all()
    assert {(row.state, row.attempts) for row in rows} == {("waiting", 0)}


@pytest.mark.django_db(transaction=True)
def test_conflict_is_the_databases_own_where_it_may_only_be_read():
    error = OperationalError()
    error.__cause__ = psycopg.errors.SerializationFailure()
    assert not outage.is_outage(error)
    execute("set default_transaction_read_only = on")
    assert outage.is_outage(error)
    connection.close()


def test_retry_that_succeeds_closes_the_delivery(rang):
    behaviour["answer"] = break_with(ValueError())
    envelope = envelope_of(rang)
    handle("tests", [Incoming(envelope)])
    Delivery.objects.filter(state="failed").update(state="waiting")
    behaviour["answer"] = answer_once
    handle("tests", [Incoming(envelope, redelivered=True)])
    row = delivery("answer")
    assert (row.state, row.attempts, row.error) == ("done", 2, "")


def test_last_attempt_parks_with_its_traceback(rang, settings):
    settings.EVENTBUS_MAX_ATTEMPTS = 1
    behaviour["answer"] = break_with(ValueError("for good"))
    handle("tests", [Incoming(envelope_of(rang))])
    row = delivery("answer")
    assert row.state == "parked"
    assert "Traceback" in row.error
    assert "for good" in row.error


def test_message_that_kills_its_worker_each_time_is_parked(rang, settings):
    class Killed(BaseException):
        """Stands for kill -9: nothing of the run is recorded."""

    def die(_):
        raise Killed

    behaviour["answer"] = die
    envelope = envelope_of(rang)
    for _ in range(settings.EVENTBUS_MAX_ATTEMPTS):
        with pytest.raises(Killed):
            handle("tests", [Incoming(envelope, redelivered=True)])
    handle("tests", [Incoming(envelope, redelivered=True)])
    assert delivery("answer").state == "parked"


def test_message_that_kills_its_worker_is_parked_even_where_its_delivery_was_not_made(
    rang, settings
):
    class Killed(BaseException):
        """Stands for kill -9."""

    behaviour["answer"] = break_with(Killed())
    envelope = envelope_of(rang)
    Delivery.objects.all().delete()
    for _ in range(settings.EVENTBUS_MAX_ATTEMPTS):
        with pytest.raises(Killed):
            handle("tests", [Incoming(envelope, redelivered=True)])
    handle("tests", [Incoming(envelope, redelivered=True)])
    assert delivery("answer").state == "parked"


def test_several_messages_run_as_one_batch():
    envelopes = [envelope_of(Rang(bell=uuid4())) for _ in range(3)]
    handle("tests", [Incoming(envelope) for envelope in envelopes])
    assert len(emitted(Answered)) == 3
    assert {a.causation_id for a in OutboxEvent.objects.filter(type=Answered.type)} == {
        envelope.id for envelope in envelopes
    }


def test_delivery_the_publisher_did_not_know_is_made_by_the_worker(rang):
    with transaction.atomic():
        emit(rang)
    handle("tests", [Incoming(OutboxEvent.objects.get().envelope)])
    assert delivery("answer").state == "done"


def test_a_delivery_made_by_the_worker_is_recorded_where_it_alone_runs_and_fails():
    behaviour["open_the_door"] = break_with(ValueError("locked"))
    with transaction.atomic():
        emit(Knocked(door=uuid4()))
    handle("tests", [Incoming(OutboxEvent.objects.get().envelope)])
    failed = delivery("open_the_door")
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert "locked" in failed.error


def test_event_nobody_emitted_is_refused(rang):
    envelope = replace(envelope_of(rang), id=uuid4())
    handle("tests", [Incoming(envelope)])
    assert not emitted(Answered)


def test_a_newer_version_comes_again_after_as_long_as_it_has_waited(rang):
    newer = replace(envelope_of(rang), version=9)
    OutboxEvent.objects.update(publish_after=Now() - timedelta(minutes=4))
    handle("tests", [Incoming(newer), Incoming(newer)])
    put_off = delivery("answer")
    assert (put_off.state, put_off.attempts) == ("failed", 0)
    assert "version 9" in put_off.error
    assert timedelta(minutes=3) < put_off.resend_at - clock.now() < timedelta(minutes=5)


def test_a_newer_version_is_run_by_the_newer_worker_that_gets_it_next(rang):
    envelope = envelope_of(rang)
    handle("tests", [Incoming(replace(envelope, version=9))])
    Delivery.objects.update(state="waiting")
    handle("tests", [Incoming(envelope)])
    assert len(emitted(Answered)) == 1


def test_a_newer_version_that_only_newer_reactions_want_has_a_row_that_stands_for_them(rang):
    envelope = envelope_of(rang)
    Delivery.objects.all().delete()
    handle("tests", [Incoming(replace(envelope, version=9))])
    assert Delivery.objects.get().reaction == ""


def test_a_newer_version_that_no_deploy_can_be_waiting_for_is_parked(rang):
    newer = replace(envelope_of(rang), version=9)
    OutboxEvent.objects.update(publish_after=Now() - ledger.DEPLOYED_WITHIN)
    handle("tests", [Incoming(newer)])
    assert {row.state for row in Delivery.objects.filter(app="tests")} == {"parked"}
    assert "version 9" in delivery("answer").error


def test_invalid_data_is_parked_with_the_field(rang):
    handle("tests", [Incoming(replace(envelope_of(rang), data={"bell": "?"}))])
    assert "bell" in delivery("answer").error


def test_unknown_type_comes_again_and_runs_once_the_code_knows_it(rang):
    envelope = envelope_of(rang)
    Delivery.objects.all().delete()
    handle("tests", [Incoming(replace(envelope, type="tests.FromTomorrow"))])
    put_off = Delivery.objects.get()
    assert (put_off.reaction, put_off.state, put_off.attempts) == ("", "failed", 0)
    assert put_off.error.startswith("unknown event type tests.FromTomorrow: for a day newer code")
    assert put_off.resend_at - clock.now() <= ledger.LONGEST_RETRY
    Delivery.objects.update(state="waiting")
    handle("tests", [Incoming(envelope, redelivered=True)])
    assert Delivery.objects.get(reaction="").state == "done"
    assert len(emitted(Answered)) == 1


def test_unknown_type_that_no_deploy_can_be_waiting_for_is_parked(rang):
    unknown = replace(envelope_of(rang), type="tests.FromYesterday")
    OutboxEvent.objects.update(publish_after=Now() - ledger.DEPLOYED_WITHIN)
    handle("tests", [Incoming(unknown)])
    parked = delivery("answer")
    assert parked.state == "parked"
    assert "unknown event type tests.FromYesterday" in parked.error


def test_reaction_this_code_lacks_comes_again_and_harms_no_other(rang):
    envelope = envelope_of(rang)
    Delivery.objects.create(event_id=rang.id, app="tests", reaction="of_tomorrow")
    handle("tests", [Incoming(envelope)])
    put_off = delivery("of_tomorrow")
    assert (put_off.state, put_off.attempts) == ("failed", 0)
    assert "no reaction of_tomorrow: for a day newer code" in put_off.error
    assert put_off.resend_at - clock.now() <= ledger.LONGEST_RETRY
    assert delivery("answer").state == "done"


def test_reaction_that_no_deploy_can_bring_any_more_is_parked(rang):
    envelope = envelope_of(rang)
    OutboxEvent.objects.update(publish_after=Now() - ledger.DEPLOYED_WITHIN)
    Delivery.objects.create(event_id=rang.id, app="tests", reaction="renamed")
    handle("tests", [Incoming(envelope)])
    assert "renamed" in delivery("renamed").error
    assert delivery("renamed").state == "parked"


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_have_one_effect(rang):
    envelope = envelope_of(rang)
    inside, errors = threading.Barrier(2, timeout=10), []

    def work():
        try:
            inside.wait()
            handle("tests", [Incoming(envelope)])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(emitted(Answered)) == 1
    assert delivery("answer").attempts == 1
