"""Which failures are alike, and what operators do to them, even two at once."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from eventbus.delivery.fingerprint import fingerprint
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.delivery.runner import Incoming, handle
from eventbus.operations import failure_notes, failures
from eventbus.operations.models import FailureNote
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.events import Rang
from tests.unit.eventbus.test_pausing import publish

pytestmark = pytest.mark.django_db

TRACEBACK = """Traceback (most recent call last):
  File "/srv/shop/bus/runner.py", line 102, in step
    self.call = self._advance(answer)
  File "{folder}/billing/payment.py", line {line}, in {function}
    raise CardError(order)
  File "/usr/lib/python3.11/site-packages/stripe/client.py", line 3, in send
    raise error
stripe.CardError: {message}
"""


def error(folder="/srv", line=7, function="capture", message="card of 1f3c refused, 12.50 EUR"):
    return TRACEBACK.format(**locals())


@pytest.mark.parametrize(
    "other",
    [
        error(line=8),
        error(message="card of 77ab refused, 3 EUR"),
        error(message=f"card of {uuid4()} refused, 0.00 EUR"),
    ],
)
def test_errors_that_differ_in_ids_figures_and_lines_are_alike(other):
    assert fingerprint("billing", "capture", other) == fingerprint("billing", "capture", error())


@pytest.mark.parametrize(
    "other",
    [
        ("billing", "refund", error()),
        ("shipping", "capture", error()),
        ("billing", "capture", error(function="refund")),
        ("billing", "capture", error(message="card of 1f3c expired")),
        ("billing", "capture", error().replace("CardError:", "RateLimit:")),
        ("billing", "capture", "unknown event type"),
    ],
)
def test_errors_of_another_reaction_class_place_or_message_are_not(other):
    assert fingerprint(*other) != fingerprint("billing", "capture", error())


@pytest.fixture
def three_failed(settings):
    """Three bells nobody answers: each fails with its own id in the message, and is parked."""

    def fail(event):
        raise LookupError(f"no butler for {event.bell}")

    settings.EVENTBUS_MAX_ATTEMPTS = 1
    behaviour["answer"] = fail
    for _ in range(3):
        handle("tests", [Incoming(publish(Rang(bell=uuid4())))])
    return failures.failed_or_parked(app="tests")


def test_what_fails_alike_is_one_group(three_failed):
    (group,) = failures.groups(three_failed)
    assert (group.reaction, group.parked, group.failed) == ("answer", 3, 0)
    assert group.error.startswith("LookupError: no butler for ")
    assert failures.failed_or_parked(fingerprint=group.fingerprint).count() == 3


def test_groups_are_counted_in_a_fixed_number_of_queries(three_failed, django_assert_num_queries):
    with django_assert_num_queries(3):
        failures.groups(three_failed)


def test_what_took_effect_after_all_has_no_fingerprint(three_failed):
    behaviour["answer"] = lambda _: None
    row = three_failed.first()
    failures.retry(Delivery.objects.filter(pk=row.pk), by="Ada")
    Delivery.objects.filter(pk=row.pk).update(state="waiting")
    handle("tests", [Incoming(row.event.envelope, redelivered=True)])
    row.refresh_from_db()
    assert (row.state, row.fingerprint) == ("done", "")


def test_a_retry_begins_anew_to_wait(three_failed):
    began = timezone.now()
    failures.retry(three_failed, by="Ada")
    assert {row.waiting_since >= began for row in three_failed.all()} == {True}


def test_who_did_what_to_which_delivery_is_kept(three_failed):
    ids = sorted(three_failed.values_list("id", flat=True))
    failures.retry(Delivery.objects.filter(id=ids[0]), by="Ada")
    failures.discard(Delivery.objects.filter(id__in=ids[1:]), by="Ben", reason="no bell any more")
    kept = OperatorAction.objects.order_by("id").values_list("kind", "delivery_id", "by", "reason")
    assert list(kept) == [
        ("retried", ids[0], "Ada", ""),
        ("discarded", ids[1], "Ben", "no bell any more"),
        ("discarded", ids[2], "Ben", "no bell any more"),
    ]


def test_a_note_is_kept_with_the_group_and_by_whom(three_failed):
    (group,) = failures.groups(three_failed)
    failure_notes.annotate(group.fingerprint, by="Ada", note="he is ill", owner="Ben")
    (group,) = failures.groups(three_failed)
    assert (group.note, group.owner, FailureNote.objects.get().by) == ("he is ill", "Ben", "Ada")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("second", "refusal"),
    [
        (lambda rows: failures.retry(rows, by="Ben"), "it is being retried already"),
        (lambda rows: failures.discard(rows, by="Ben", reason="why"), ""),
    ],
    ids=["retry", "discard"],
)
def test_of_two_operators_at_once_each_is_told_what_became_of_it(three_failed, second, refusal):
    """The second waits for the first, and then sees what it did."""
    row, ready, outcomes = three_failed.first(), threading.Event(), []
    mine = Delivery.objects.filter(pk=row.pk)

    def work():
        try:
            ready.set()
            outcomes.extend(second(mine.all()))
        finally:
            connection.close()

    other = threading.Thread(target=work)
    with transaction.atomic():
        failures.retry(mine, by="Ada")
        other.start()
        ready.wait()
        other.join(0.3)
        assert other.is_alive()
    other.join()
    assert [outcome.refusal for outcome in outcomes] == [refusal]


@pytest.mark.django_db(transaction=True)
def test_what_was_discarded_meanwhile_is_not_retried(three_failed):
    mine = Delivery.objects.filter(pk=three_failed.first().pk)
    failures.discard(mine, by="Ada", reason="why")
    (outcome,) = failures.retry(mine, by="Ben")
    assert outcome.refusal == "it was discarded"
    assert mine.get().state == "discarded"
