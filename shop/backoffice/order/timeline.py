"""The timeline of an order: what happened, who did it and why, by day, from every app."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from eventbus import registry
from eventbus.delivery.fingerprint import headline
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.operations.admin import TimelineEntry
from eventbus.operations.event_catalog import first_paragraph
from eventbus.operations.masking import shown_error
from eventbus.personal import masked_data, todays_data
from shop.backoffice.models import OrderComment, StaffAction


@dataclass
class ReactionEntry:
    """The outcome of one app's reaction to an event."""

    app: str
    reaction: str
    state: str
    at: datetime | None
    took_ms: int | None
    attempts: int
    error: str

    @property
    def words(self) -> str:
        return self.reaction.replace("_", " ") or "unknown event"


@dataclass
class Entry:
    """A line of the timeline. `kind` is event, comment, action, or app for what an app added."""

    at: datetime
    kind: str
    actor: str
    text: str
    name: str = ""
    cause: str = ""
    due: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)
    reactions: list[ReactionEntry] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Tell whether a reaction to it failed or was parked."""
        return any(reaction.state in ("failed", "parked") for reaction in self.reactions)

    @property
    def open(self) -> int:
        """Count the reactions to it that are not done."""
        return sum(reaction.state in Delivery.UNSETTLED for reaction in self.reactions)


def rows_of(order_id: UUID) -> list[OutboxEvent]:
    """Return every event about the order with its deliveries, in two queries."""
    deliveries = Prefetch("deliveries", Delivery.objects.order_by("app", "reaction"))
    rows = OutboxEvent.objects.filter(subject=str(order_id)).order_by("occurred_at", "id")
    return list(rows.prefetch_related(deliveries))


def timeline(
    order_id: UUID, rows: Iterable[OutboxEvent], *, in_full: bool
) -> list[tuple[date, list[Entry]]]:
    """Return the entries by day, the newest day first; `in_full`: with personal data."""
    entries = [
        *_events(list(rows), in_full),
        *(_comment(row) for row in OrderComment.objects.filter(order_id=order_id)),
        *(_action(row) for row in StaffAction.objects.filter(order_id=order_id).exclude(what="")),
        *(Entry(each.at, "app", each.actor, each.text) for each in _added(order_id)),
    ]
    entries.sort(key=lambda entry: entry.at)
    days = groupby(entries, key=lambda entry: timezone.localdate(entry.at))
    return [(day, list(group)) for day, group in days][::-1]


def _added(order_id: UUID) -> Iterator[TimelineEntry]:
    """Yield what apps add: by the function `timeline` of their admin module, if there is one."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "admin"):
            add = getattr(import_module(f"{config.name}.admin"), "timeline", None)
            yield from add(order_id) if add else ()


def _comment(row: OrderComment) -> Entry:
    return Entry(row.at, "comment", row.by, row.text)


def _action(row: StaffAction) -> Entry:
    return Entry(row.at, "action", row.by, row.what)


def _events(rows: list[OutboxEvent], in_full: bool) -> Iterator[Entry]:
    names = {row.id: row.type for row in rows}
    for row in rows:
        yield Entry(
            at=row.occurred_at,
            kind="event",
            actor=registry.app_label(row.type),
            text=_words(row.type),
            name=row.type,
            cause=_cause(row, names),
            due=row.publish_after if row.published_at is None else None,
            data=(todays_data if in_full else masked_data)(row.type, row.version, row.data),
            reactions=[_reaction(delivery, in_full) for delivery in row.deliveries.all()],
        )


def _cause(row: OutboxEvent, names: dict[Any, str]) -> str:
    """Say why it was emitted: the reaction, and the event it reacted to."""
    event = names.get(row.causation_id, "")
    by = row.emitted_by.replace("_", " ")
    return f"{by}, after {event}" if by and event else by or event


def _words(type: str) -> str:
    """Return the first paragraph of the event's docstring."""
    if type not in registry.event_types():
        return type
    return first_paragraph(registry.event_class(type).__doc__)


def _reaction(row: Delivery, in_full: bool) -> ReactionEntry:
    error = headline(shown_error(row, personal=in_full)) if row.state in Delivery.UNSETTLED else ""
    return ReactionEntry(
        row.app, row.reaction, row.state, row.closed_at, row.duration_ms, row.attempts, error
    )
