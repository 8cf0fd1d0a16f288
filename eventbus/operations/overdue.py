"""Overdue reactions: every event's expected reactions are known, so a missing one is seen.

A reaction is overdue when a delivery of its has been open longer than it may take
(`@reacts_to(..., overdue_after=seconds)`, by default `REACTION_OVERDUE`). What is paused is
silent on purpose, and what is parked is reported as failed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now

from eventbus import registry
from eventbus.conf import conf
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.operations.models import OverdueEpisode
from eventbus.signals import reaction_overdue

#: Seconds between looks for reactions that have not answered in time.
LOOK_EVERY = 5.0

_OLDEST = """
    select r.app, r.reaction, d.event_id, e.type, d.waiting_since
    from unnest(%s::text[], %s::text[], %s::interval[]) as r (app, reaction, usual)
    cross join lateral (
        select event_id, waiting_since from eventbus_delivery
        where app = r.app and reaction = r.reaction and state in ('waiting', 'failed')
            and waiting_since < statement_timestamp() - r.usual
        order by waiting_since limit 1
    ) d
    join eventbus_outboxevent e on e.id = d.event_id
"""


@dataclass(frozen=True)
class OverdueReaction:
    """A reaction that is overdue, and the event that has waited longest for it."""

    app: str
    reaction: str
    event_id: UUID
    event_type: str
    waiting_since: datetime


def thresholds() -> dict[tuple[str, str], timedelta]:
    """Return how long each reaction, by app and name, may take."""
    return {
        (each.app, each.name): each.overdue_after or conf.REACTION_OVERDUE
        for _, each in registry.all_reactions()
    }


def overdue_reactions() -> list[OverdueReaction]:
    """Return the reactions that are overdue now: one index look-up for each there is."""
    paused = pause.everything_paused()
    asked = [
        (app, name, limit)
        for (app, name), limit in thresholds().items()
        if not paused & {(app, ""), (app, name)}
    ]
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [[row[column] for row in asked] for column in range(3)])
        return [OverdueReaction(*row) for row in cursor.fetchall()]


def deliveries() -> QuerySet[Delivery]:
    """Return every delivery that is overdue now, the one that waits longest first."""
    usual = conf.REACTION_OVERDUE
    unusual = {key: limit for key, limit in thresholds().items() if limit != usual}
    by_own_limit, by_usual_limit = Q(pk__in=[]), Q(waiting_since__lt=Now() - usual)
    for (app, name), limit in unusual.items():
        its = Q(app=app, reaction=name)
        by_usual_limit &= ~its
        by_own_limit |= its & Q(waiting_since__lt=Now() - limit)
    open_rows = Delivery.objects.filter(~pause.of_paused(), state__in=Delivery.OPEN)
    return open_rows.filter(by_usual_limit | by_own_limit).order_by("waiting_since", "id")


def by_reaction(rows: QuerySet[Delivery]) -> QuerySet[Delivery, Any]:
    """Count overdue deliveries by reaction, with since when the oldest waits."""
    reactions = rows.order_by("app", "reaction").values("app", "reaction")
    return reactions.annotate(count=Count("id"), oldest=Min("waiting_since"))


@transaction.atomic
def notify_overdue() -> None:
    """Send `reaction_overdue` for each reaction that has become overdue, once per episode.

    Raises what a receiver raises; then all are sent again next time.
    """
    for each in _new():
        reaction_overdue.send(sender=None, overdue=each)


def _new() -> Iterator[OverdueReaction]:
    """Yield reactions that have become overdue; end the episodes of those that are not."""
    found = {(each.app, each.reaction): each for each in overdue_reactions()}
    known = {(row.app, row.reaction): row for row in OverdueEpisode.objects.all()}
    over = [row.pk for key, row in known.items() if key not in found]
    OverdueEpisode.objects.filter(pk__in=over).delete()
    for key, each in found.items():
        if key not in known and _begin(each):
            yield each


def _begin(each: OverdueReaction) -> bool:
    """Begin an episode, unless another relay has."""
    facts: dict[str, Any] = {"event_id": each.event_id, "waiting_since": each.waiting_since}
    _, is_new = OverdueEpisode.objects.get_or_create(
        app=each.app, reaction=each.reaction, defaults=facts
    )
    return is_new
