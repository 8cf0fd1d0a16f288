"""A test of the alerts: one message by each way that is configured, when an operator asks."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models.functions import Now

from eventbus.console.alerts.ways import Message, Way, ways
from eventbus.delivery.advisory_lock import try_advisory_lock
from eventbus.delivery.models import OperatorAction
from eventbus.exceptions import BusError, in_one_line

#: Between two tests, whoever asks, by whichever web process.
NOT_BEFORE = timedelta(seconds=10)
#: As which app's doing tests are recorded.
ALERTS = "alerts"
#: Web processes take turns: any number, as long as it is the same for all.
LOCK = 4_208_175


class TooSoon(BusError):
    """Somebody has just sent a test: wait a moment."""


@dataclass(frozen=True)
class Tried:
    """What became of a test on one way; `problem` is empty if it was taken."""

    way: str
    to: str
    problem: str

    def __str__(self) -> str:
        return f"{self.way} to {self.to}: {self.problem or 'taken'}"


def send_test(by: str) -> list[Tried]:
    """Send a test by every way and record it; returns what became of each. Raises `TooSoon`."""
    action = _begin(by)
    message = _message(by)
    tried = [_try(way, message) for way in ways()]
    action.reason = "; ".join(map(str, tried)) or "no way is configured"
    action.save(update_fields=["reason"])
    return tried


@transaction.atomic
def _begin(by: str) -> OperatorAction:
    recent = OperatorAction.objects.filter(
        at__gt=Now() - NOT_BEFORE, kind=OperatorAction.Kind.TESTED
    )
    if not try_advisory_lock(LOCK) or recent.exists():
        seconds = round(NOT_BEFORE.total_seconds())
        raise TooSoon(f"a test was sent within the last {seconds} s")
    return OperatorAction.objects.create(kind=OperatorAction.Kind.TESTED, app=ALERTS, by=by)


def _message(by: str) -> Message:
    text = (
        f"This is a test of the alerts, sent by {by}. Nothing is wrong, and nothing is to be done."
    )
    plain = {"id": str(uuid4()), "type": "eventbus.AlertTest", "about": "test", "message": text}
    return Message("Test of the alerts: nothing is wrong", text, plain)


def _try(way: Way, message: Message) -> Tried:
    try:
        way.send(message)
    except Exception as error:
        return Tried(way.name, way.to, in_one_line(error))
    return Tried(way.name, way.to, "")
