"""In a test everything happens at once, and time passes as the test says."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

import eventbus
from eventbus import emit, reacts_to
from eventbus.delivery.models import Delivery
from eventbus.testing import emitted, free_to_emit, later, settle
from tests.unit.eventbus.events import Answered, Rang, RingDue
from tests.unit.eventbus.registering import no_reactions

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def heard():
    """What the reactions of these tests were given, each with the time that it was then."""
    heard = []
    with no_reactions():

        @reacts_to(Rang, emits=[RingDue])
        def plan(event: Rang) -> None:
            heard.append(("rang", eventbus.now()))
            emit(RingDue(bell=event.bell), publish_after=eventbus.now() + DAY)

        @reacts_to(RingDue, emits=[Answered])
        def ring(event: RingDue) -> None:
            heard.append(("due", eventbus.now()))
            emit(Answered(bell=event.bell, by="clock"))

        yield heard


def ring_the_bell() -> None:
    with transaction.atomic(), free_to_emit():
        emit(Rang(bell=uuid4()))


def test_what_is_scheduled_waits_until_time_has_passed():
    ring_the_bell()
    settle()
    assert emitted(RingDue)
    assert not emitted(Answered)
    with later(DAY - timedelta(minutes=1)):
        settle()
    assert not emitted(Answered)
    with later(DAY + timedelta(minutes=1)):
        settle()
    assert emitted(Answered)


def test_a_deadline_finds_the_clock_at_its_own_time_and_so_does_what_it_emits(heard):
    before = eventbus.now()
    ring_the_bell()
    with later(10 * DAY):
        settle()
    (_, rang), (_, due) = heard
    assert rang - before < timedelta(minutes=1)
    assert timedelta() <= due - rang - DAY < timedelta(minutes=1)
    (answer,) = emitted(Answered)
    assert timedelta() <= answer.occurred_at - due < timedelta(minutes=1)


def test_everything_happens_in_the_order_of_its_time(heard):
    ring_the_bell()
    with later(DAY / 2):
        ring_the_bell()
    with later(2 * DAY):
        settle()
    assert [what for what, _ in heard] == ["rang", "rang", "due", "due"]
    assert [at for _, at in heard] == sorted(at for _, at in heard)


def test_a_person_can_act_later():
    with later(DAY):
        ring_the_bell()
        settle()
        assert emitted(RingDue)[0].occurred_at - eventbus.now() < timedelta(minutes=1)
    assert emitted(RingDue)[0].occurred_at - eventbus.now() > DAY / 2


def test_the_clock_shows_the_present_again_afterwards():
    with pytest.raises(KeyError), later(DAY):
        raise KeyError
    ring_the_bell()
    settle()
    assert emitted(RingDue)[0].occurred_at - eventbus.now() < timedelta()


def failing(*results: str):
    """A reaction that fails, or not, as told; the last result stays."""
    left = list(results)

    @reacts_to(Answered)
    def hear(event: Answered) -> None:
        if (left.pop(0) if left[1:] else left[0]) == "fail":
            raise ValueError("not now")


def answered() -> Delivery:
    with transaction.atomic(), free_to_emit():
        emit(Answered(bell=uuid4(), by="me"))
    return Delivery.objects.filter(reaction="hear")


def test_what_fails_is_shown_with_its_error():
    failing("fail")
    answered()
    with pytest.raises(AssertionError, match=r"tests.hear failed:\n(.|\n)*ValueError: not now"):
        settle()


def test_what_has_failed_is_tried_again_when_time_passes():
    failing("fail", "work")
    delivery = answered()
    with pytest.raises(AssertionError):
        settle()
    with later(timedelta(minutes=1)):
        settle()
    assert [(row.state, row.attempts) for row in delivery] == [("done", 2)]


def test_and_parked_after_its_last_attempt(settings):
    settings.EVENTBUS_MAX_ATTEMPTS = 3
    failing("fail")
    delivery = answered()
    with later(DAY), pytest.raises(AssertionError):
        settle()
    assert [(row.state, row.attempts) for row in delivery] == [("parked", 3)]


def test_the_retry_of_an_app_that_is_off_waits():
    failing("fail", "work")
    delivery = answered()
    with pytest.raises(AssertionError):
        settle()
    with later(DAY):
        settle(but=["tests"])
    assert [row.attempts for row in delivery] == [1]
