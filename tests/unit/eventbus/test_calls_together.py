"""Calls of several events that are made as one: whichever comes first makes it for all."""

import math

import pytest

from eventbus import call_together
from eventbus.delivery.models import Delivery
from eventbus.messaging.handling import Outcome
from eventbus.operations.describe_call import describe_call
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of
from tests.unit.eventbus.events import Honked
from tests.unit.eventbus.test_batch import run
from tests.unit.eventbus.test_batched_calls import _unhurried, clock  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


class Post:
    """Takes letters, some of which are refused."""

    def __init__(self) -> None:
        self.sent, self.refused, self.burns = [], {}, None

    def send(self, letters):
        self.sent.append("".join(letters.values()))
        if self.burns:
            raise self.burns
        return {id: self.refused.get(name) for id, name in letters.items() if name != "lost"}


@pytest.fixture
def post() -> Post:
    post = Post()

    def reaction(events):
        yield call_together(post.send, {event.id: event.name for event in events})

    behaviour["open_the_gates"] = reaction
    return post


def honk(*names: str) -> list:
    return [envelope_of(Honked(name=name)) for name in names]


def states(envelopes) -> list[str]:
    return [Delivery.objects.get(app="tests", event_id=each.id).state for each in envelopes]


def test_one_call_is_made_for_all(post):
    honks = honk(*"abc")
    assert run(honks) == [Outcome.ENDED] * 3
    assert post.sent == ["abc"]
    assert states(honks) == ["done"] * 3


def test_one_that_comes_alone_is_sent_alone(post):
    run(honk("a"))
    assert post.sent == ["a"]


def test_what_is_refused_fails_alone(post):
    post.refused["b"] = ValueError("no stamp")
    honks = honk(*"abc")
    run(honks)
    assert states(honks) == ["done", "failed", "done"]
    assert "no stamp" in Delivery.objects.get(app="tests", event_id=honks[1].id).error


def test_what_nothing_is_said_of_fails(post):
    honks = honk("a", "lost")
    run(honks)
    assert states(honks) == ["done", "failed"]


def test_a_call_that_fails_fails_all_and_is_not_made_again(post):
    post.burns = OSError("the post is on fire")
    honks = honk(*"abc")
    run(honks)
    assert post.sent == ["abc"]
    assert states(honks) == ["failed"] * 3


def test_what_was_sent_is_recorded_although_the_time_is_up(post, clock):  # noqa: F811
    clock.now = math.inf
    honks = honk(*"abc")
    assert run(honks) == [Outcome.ENDED] * 3
    assert states(honks) == ["done"] * 3
    assert post.sent == ["abc"]


def test_it_is_described_by_what_is_called(post):
    [event] = honk("a")
    [call] = call_together(post.send, {event.id: "a"}).values()
    assert describe_call(call).endswith("test_calls_together.Post.send")
