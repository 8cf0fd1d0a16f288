"""Dry run of a backfill: what it would do, told without doing it.

The reactions run for real, to copies of the app's tables, in a transaction that is rolled back: no
row that others write is locked. An external call is named and not made, so what comes after it is
not known. What they would emit is counted, and what would come of that is not followed.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from eventbus import registry
from eventbus.context import caused_by, reacting
from eventbus.delivery import outage
from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.outbox import discard_events
from eventbus.history.backfill import Wanted, missing_events
from eventbus.history.shadow import Shadow, Writes
from eventbus.operations.describe_call import describe_call
from eventbus.operations.dry_run import first_call

#: Reactions of a savepoint.
BATCH = 100

Pair = tuple[UUID, Wanted]


@dataclass
class BackfillDryRun:
    """What would come of it: reactions, rows by table, events by type, calls, and failures."""

    reactions: int = 0
    muted: int = 0
    rows: Writes = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)

    def add(self, other: "BackfillDryRun") -> None:
        """Add what others have come to."""
        self.reactions += other.reactions
        for mine, theirs in ((self.events, other.events), (self.calls, other.calls)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count
        for name, counts in other.rows.items():
            known = self.rows.get(name, (0, 0, 0))
            self.rows[name] = tuple(map(sum, zip(known, counts, strict=True)))

    def count_failure(self, reaction: str, error: Exception) -> None:
        summary = f"{reaction}: {type(error).__name__}: {error}"
        _count(self.failures, [summary.partition("\n")[0]])


def _count(into: dict[str, int], names: Iterable[str]) -> None:
    for name in names:
        into[name] = into.get(name, 0) + 1


def dry_run_backfill(
    app: str, since: datetime, type: str = "", on_run: Callable[[int], object] = bool
) -> BackfillDryRun:
    """Try a backfill; calls `on_run` with how many reactions were run. Raises `UnknownApp`.

    Needs that no transaction is open.
    """
    pairs = missing_events(app, since, type)
    to_run = [pair for pair in pairs if not pair[1].reaction.is_muted]
    result = BackfillDryRun(muted=len(pairs) - len(to_run))
    shadow = Shadow(f"backfill_{app}", _models_of(app))
    with transaction.atomic(durable=True):
        shadow.create()
        shadow.copy()
        for first in range(0, len(to_run), BATCH):
            _try_batch(shadow, result, to_run[first : first + BATCH])
            on_run(min(BATCH, len(to_run) - first))
        result.rows |= {name: counts for name, counts in shadow.changes().items() if any(counts)}
        transaction.set_rollback(True)
    return result


def _models_of(app: str) -> list[type[models.Model]]:
    return [
        model
        for config in apps.get_app_configs()
        if registry.owner(config.name) == app
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _try_batch(shadow: Shadow, result: BackfillDryRun, pairs: list[Pair]) -> None:
    """Run reactions in a savepoint, or one by one where one of them fails."""
    try:
        result.add(_try(shadow, pairs))
    except Exception as error:
        if outage.is_outage(error):
            raise
        if len(pairs) == 1:
            result.count_failure(pairs[0][1].reaction.name, error)
            return
        for pair in pairs:
            _try_batch(shadow, result, [pair])


def _try(shadow: Shadow, pairs: list[Pair]) -> BackfillDryRun:
    """Run reactions in a savepoint. Raises the error of one of them."""
    result = BackfillDryRun(reactions=len(pairs))
    rows = OutboxEvent.objects.in_bulk({id for id, _ in pairs})
    with shadow.used(), discard_events() as emitted:
        before = shadow.written_elsewhere()
        for id, wanted in pairs:
            _count(result.calls, _run(rows[id], wanted.reaction))
        connection.check_constraints()
        result.rows = shadow.written_since(before)
    _count(result.events, emitted())
    return result


def _run(row: OutboxEvent, reaction: registry.Reaction) -> Iterable[str]:
    """Run a reaction up to its end or its first call, which is returned in words."""
    envelope = row.envelope
    # One that takes many says itself because of which event it emits.
    context = (
        reacting(reaction, [envelope]) if reaction.takes_many else caused_by(envelope, reaction)
    )
    with ExitStack() as steps, context:
        call: Callable[[], Any] | None = first_call(reaction, envelope.event(), steps)
    return [describe_call(call)] if call else []
