"""The shop's processes, simulated in one: a broker, relays and workers.

What relay and worker do is the bus's own code. Messages are values in the test's hands, and
at each of the bus's crash points the process can be killed, or held while others go on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from json import dumps, loads
from pathlib import Path
from typing import Any

from django.utils import timezone
from hypothesis import note

from eventbus import registry
from eventbus.delivery import relay
from eventbus.delivery.crash_points import crash_point
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.envelope import Envelope
from eventbus.messaging import handling
from eventbus.messaging.handling import Outcome

JUST_NOW = timedelta(seconds=1)


class Killed(BaseException):
    """Stands for kill -9: nothing of what was under way goes on."""


@dataclass(eq=False)
class Message:
    """One app's copy of an event, as it is on the wire."""

    app: str
    wire: dict[str, Any]
    redelivered: bool = False

    def __str__(self) -> str:
        return f"{self.wire['type']} to {self.app}"


class Broker:
    """Keeps what the relay gives it until a worker has acknowledged it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        #: How many more events it takes until its connection breaks; None: as many as there are.
        self.takes: int | None = None

    def to_exchange(self, envelopes: Sequence[Envelope]) -> int:
        for envelope in envelopes:
            self._must_be_there()
            apps = sorted({reaction.app for reaction in registry.reactions_to(envelope.type)})
            self.messages += [Message(app, _over_the_wire(envelope)) for app in apps]
        return len(envelopes)

    def to_app(self, app: str, envelopes: Sequence[Envelope]) -> int:
        for envelope in envelopes:
            self._must_be_there()
            self.messages.append(Message(app, _over_the_wire(envelope), redelivered=True))
        return len(envelopes)

    def depth(self, app: str) -> int:
        return sum(message.app == app for message in self.messages)

    def double(self, first: int) -> None:
        """Every message from this one on is there once more."""
        self.messages += [replace(message) for message in self.messages[first:]]

    def _must_be_there(self) -> None:
        if self.takes is not None:
            self.takes -= 1
            if self.takes < 0:
                self.takes = None
                raise ConnectionError("the connection to the broker broke")


def _over_the_wire(envelope: Envelope) -> dict[str, Any]:
    return loads(dumps(envelope.to_wire()))


class Steps:
    """What happens to a process that comes to a step of `eventbus.delivery.crash_points`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._happens: list[Callable[[], None]] = []

    @contextmanager
    def at(self, step: str, happens: Callable[[], None]) -> Iterator[None]:
        """Have this happen where the process of this block comes to `step` first."""
        order = self._folder / step
        order.touch()
        self._happens.append(happens)
        try:
            yield
        finally:
            self._happens.pop()
            order.unlink(missing_ok=True)

    def reached(self, *_: Any) -> None:
        """Takes the place of `os.kill`."""
        self._happens[-1]()


class Processes:
    """A broker, and what relays and workers do with it. Each run is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.broker = Broker()
        self.steps = Steps(folder)

    def relay(self) -> None:
        """A relay publishes one batch."""
        with suppress(Killed, ConnectionError):
            relay.publish_due(self.broker)

    def send_again(self) -> None:
        """A relay sends again what is due."""
        with suppress(Killed, ConnectionError):
            relay.resend_due(self.broker)

    def waiting_with(self, message: Message, most: int) -> list[Message]:
        """A message, and up to `most` in all that wait for the same app."""
        others = [each for each in self.broker.messages if each.app == message.app]
        others.remove(message)
        return [message, *others[: most - 1]]

    def work(self, *messages: Message) -> None:
        """A worker takes these, of one app. From one that dies the broker gets them back."""
        for message in messages:
            self.broker.messages.remove(message)
        unacknowledged = list(messages)
        try:
            results = handling.run(
                messages[0].app, [(message.wire, message.redelivered) for message in messages]
            )
            for message, (outcome, _) in zip(messages, results, strict=True):
                crash_point("worker.acking")
                unacknowledged.remove(message)
                if outcome != Outcome.ENDED:
                    self.broker.messages.append(message)
        except Killed:
            note(f"    killed: {', '.join(map(str, messages))}")
            self.broker.messages += [replace(each, redelivered=True) for each in unacknowledged]
        with suppress(Killed):
            crash_point("worker.acked")

    @staticmethod
    def die() -> None:
        raise Killed


def time_passes() -> None:
    """Every lease is over, and what is to be tried or sent again is due."""
    past = timezone.now() - JUST_NOW
    OutboxEvent.objects.filter(claimed_until__gt=past).update(claimed_until=past)
    is_open = Delivery.objects.filter(state__in=Delivery.OPEN)
    is_open.filter(leased_until__gt=past).update(leased_until=past)
    is_open.filter(resend_at__gt=past).update(resend_at=past)


def scheduled() -> list[OutboxEvent]:
    """Events whose time has not come, the next one first."""
    rows = OutboxEvent.objects.filter(published_at=None, publish_after__gt=timezone.now())
    return list(rows.order_by("publish_after", "id"))


def comes_due(*rows: OutboxEvent) -> None:
    """The time of these has come."""
    ids = [row.id for row in rows]
    OutboxEvent.objects.filter(id__in=ids).update(publish_after=timezone.now())
