"""Reactions that keep an order waiting, and what to do about each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from eventbus.delivery import pause
from eventbus.delivery.fingerprint import headline
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.operations import overdue
from eventbus.operations.masking import shown_error


@dataclass(frozen=True)
class Problem:
    """A reaction that keeps the order waiting, since when, and what to do."""

    what: str
    since: datetime
    remedy: str


def problems(rows: Iterable[OutboxEvent], *, in_full: bool) -> list[Problem]:
    """Return the problems, the oldest first; `in_full`: errors with personal data."""
    paused, limits = pause.everything_paused(), overdue.thresholds()
    found: list[Problem] = []
    for row in rows:
        for delivery in row.deliveries.all():
            if delivery.state not in Delivery.UNSETTLED:
                continue
            key = (delivery.app, delivery.reaction)
            late = delivery.waiting_since + limits[key] < timezone.now() if key in limits else True
            is_paused = bool(paused & {(delivery.app, ""), key})
            error = headline(shown_error(delivery, personal=in_full))
            found += _of(delivery, row.type, error, late=late, paused=is_paused)
    return sorted(found, key=lambda problem: problem.since)


def _of(
    delivery: Delivery, event: str, error: str, *, late: bool, paused: bool
) -> Iterator[Problem]:
    who = f"{delivery.app}: {delivery.reaction.replace('_', ' ') or 'unknown event'}"
    since = delivery.waiting_since
    if delivery.state == Delivery.State.PARKED:
        yield Problem(
            f"{who}, after {event}, was given up after {delivery.attempts} attempts: {error}",
            since,
            "Ask an operator to repair the cause and retry it; until then the order waits.",
        )
    elif paused:
        yield Problem(
            f"{who}, after {event}, is paused",
            since,
            "An operator paused it on purpose and resumes it; nothing is lost meanwhile.",
        )
    elif delivery.state == Delivery.State.FAILED:
        yield Problem(
            f"{who}, after {event}, fails and is tried again: {error}",
            since,
            "It is retried by itself. Tell an operator if it lasts.",
        )
    elif late:
        yield Problem(
            f"{who} has not answered {event} in time",
            since,
            f"Its message is sent again by itself. Ask an operator whether the worker of "
            f"{delivery.app} runs.",
        )
