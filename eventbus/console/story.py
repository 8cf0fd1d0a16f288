"""The story of an order: its events, the reactions to them, and what these caused, as a tree.

Read from the bus's own history; no app's models are needed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q

from eventbus import clock, registry
from eventbus.console.compensations import compensations
from eventbus.console.hooks import hooks
from eventbus.console.story_nodes import Reaction, Story, StoryEvent
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.history.archive import archived_note
from eventbus.operations.failures import headline
from eventbus.registry import app_label

#: What is published later than that was meant to be: what is not is due by the database's clock.
SCHEDULED = timedelta(seconds=1)


class UnknownStory(Exception):
    """No event has this number or id: look for a typing error."""


def story(reference: str) -> Story:
    """Return the story of an order's number or id, or of the id of any of its events.

    A correlation id is the id of a story's first event, so it will do as well.
    Raises `UnknownStory`.
    """
    return story_of(subjects_of(reference))


def story_of(subjects: list[str]) -> Story:
    """Return the story of subjects that have events."""
    rows = _rows(subjects)
    began = min(row.occurred_at for row in rows)
    events = _tree(rows, began)
    number = hooks.lookup.number_in(rows, subjects[0])
    return Story(subjects[0], number, began, events, _archived(rows))


def ids_of(reference: str) -> set[str]:
    """Return the ids in log lines about the story: its subjects and correlation ids.

    Raises `UnknownStory`.
    """
    subjects = subjects_of(reference)
    rows = OutboxEvent.objects.filter(subject__in=subjects)
    return {*subjects, *map(str, rows.values_list("correlation_id", flat=True))}


def subjects_of(reference: str) -> list[str]:
    """Return the subjects of the story; of an event, its origin's and its own.

    Raises `UnknownStory`.
    """
    id = _uuid(reference)
    if id is None:
        return _subjects_of_number(reference)
    if OutboxEvent.objects.filter(subject=id).exists():
        return [str(id)]
    event = OutboxEvent.objects.filter(id=id).first()
    if event is None:
        raise UnknownStory(_unknown(f"no {hooks.lookup.noun} or event has the id {id}"))
    origin = OutboxEvent.objects.filter(id=event.correlation_id)
    return [hooks.lookup.subject_behind(row) for row in (*origin, event)]


def _subjects_of_number(number: str) -> list[str]:
    subject = hooks.lookup.subject_of(number)
    if subject is None:
        raise UnknownStory(_unknown(f"no {hooks.lookup.noun} has the number {number}"))
    return [subject]


def _unknown(reason: str) -> str:
    """Say why there is no story, and where it may be."""
    return "; ".join(filter(None, (reason, archived_note())))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _rows(subjects: Iterable[str]) -> list[OutboxEvent]:
    """Return all events about the subjects, and all that share a correlation id with them."""
    about = Q(subject__in=subjects)
    correlations = set(OutboxEvent.objects.filter(about).values_list("correlation_id", flat=True))
    deliveries = Prefetch("deliveries", Delivery.objects.order_by("app", "reaction"))
    rows = OutboxEvent.objects.filter(about | Q(correlation_id__in=correlations))
    return list(rows.order_by("occurred_at", "id").prefetch_related(deliveries))


def _archived(rows: Iterable[OutboxEvent]) -> str:
    """Say where causes that are missing here are archived, if there are any."""
    rows = list(rows)
    missing = {row.causation_id for row in rows} - {row.id for row in rows} - {None}
    return archived_note() if missing else ""


def _tree(rows: list[OutboxEvent], began: datetime) -> list[StoryEvent]:
    """Return the events that nothing here caused, each with what it caused."""
    nodes: dict[UUID | None, StoryEvent] = {row.id: _story_event(row, began) for row in rows}
    for id, by in compensations(rows).items():
        nodes[id].compensated_by = nodes[by.id]
    _note_retries(reaction for node in nodes.values() for reaction in node.reactions)
    roots: list[StoryEvent] = []
    for row in rows:
        cause = nodes.get(row.causation_id)
        siblings = roots if cause is None else _caused_by(cause, row)
        siblings.append(nodes[row.id])
    return roots


def _note_retries(reactions: Iterable[Reaction]) -> None:
    by_delivery: dict[int | None, Reaction] = {each.delivery: each for each in reactions}
    retries = OperatorAction.objects.filter(
        kind=OperatorAction.Kind.RETRIED, delivery_id__in=[*by_delivery]
    )
    for id, by in retries.order_by("at").values_list("delivery_id", "by"):
        by_delivery[id].retried_by.append(by)


def _caused_by(cause: StoryEvent, row: OutboxEvent) -> list[StoryEvent]:
    """Return the list an event belongs to: that of the reaction that emitted it."""
    by = (app_label(row.type), row.emitted_by)
    own = (reaction for reaction in cause.reactions if (reaction.app, reaction.name) == by)
    return next((reaction.emitted for reaction in own), cause.emitted)


def _story_event(row: OutboxEvent, began: datetime) -> StoryEvent:
    return StoryEvent(
        id=row.id,
        type=row.type,
        subject=row.subject,
        occurred_at=row.occurred_at,
        offset_ms=_ms(row.occurred_at - began),
        due=row.publish_after if row.publish_after - row.occurred_at >= SCHEDULED else None,
        published=row.published_at is not None,
        kind=registry.kind_of(row.type),
        reactions=[_reaction(row, delivery) for delivery in row.deliveries.all()],
    )


def _reaction(row: OutboxEvent, delivery: Delivery) -> Reaction:
    ended = delivery.closed_at or clock.now()
    waited = _ms(ended - row.publish_after) - (delivery.duration_ms or 0)
    return Reaction(
        delivery=delivery.pk,
        app=delivery.app,
        name=delivery.reaction,
        state=delivery.state,
        attempts=delivery.attempts,
        waited_ms=max(waited, 0),
        worked_ms=delivery.duration_ms,
        resend_at=delivery.resend_at,
        since=delivery.closed_at or delivery.waiting_since,
        is_held=delivery.leased_until is not None and delivery.leased_until > clock.now(),
        error=headline(delivery.error),
    )


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
