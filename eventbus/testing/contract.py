"""What every app's reactions must keep to, checked by one call."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from django.core import mail
from django.db import connection, transaction

from eventbus import registry
from eventbus.delivery.batch import handle_together
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.run import Run, save_outcomes
from eventbus.delivery.runner import Incoming, handle, lock_runs
from eventbus.event import Event
from eventbus.testing.deliveries import fail_on_trouble, publish, published
from eventbus.testing.examples import example_of
from eventbus.testing.rows import by_chance, difference, effects_of, foreign_tables, without

#: Brings events to an app.
Way = Callable[[str, Sequence[Event]], None]


def check_reactions(app: str, *events: Event, but: Collection[type[Event]] = ()) -> None:
    """Check that the reactions of an app keep to what the bus asks of any.

    They are given `events` first, in this order, then two examples, made up, of each other type
    that they react to, but of those in `but`: what comes of these needs more than events before it.
    What they emit to their own app because of these comes after them, a deadline at once. What
    they do is rolled back; what was there before the call, an order that a service has placed, is
    there each time. They must

    - succeed, and emit nothing that they do not declare;
    - read no table of another app: an event is self-contained;
    - leave the same rows, and emit the same, when each event comes twice, when an external call is
      made once more because its answer was lost, when all come in one batch, when events have
      fields that this code does not know, and when they ran before in a transaction that was
      rolled back; nor may they have sent a mail in that.

    Columns in which two equal runs differ (numbers, times, what is drawn) are not compared.
    Raises `AssertionError` that says which of these does not hold, and what differs.
    """
    assert app in registry.apps_with_reactions(), f"no app {app} has reactions"
    given = {type(event) for event in events}
    scenario = [*events, *_made_up(app, but={*given, *but})]
    with _own_tables_only(app):
        first = effects_of(partial(_once, app, scenario), app)
    anew = effects_of(partial(_once, app, scenario), app)
    drawn = by_chance(first, anew)
    others = (
        (when, effects_of(partial(way, app, scenario), app)) for when, way in _ways(app, scenario)
    )
    for when, found in chain([(_ANEW, anew)], others):
        lines = difference(without(first, drawn), without(found, drawn))
        assert not lines, f"{app}: {when} the effect is another:\n{lines}"


def _ways(app: str, events: Sequence[Event]) -> Iterator[tuple[str, Way]]:
    """Yield how the events come, other than each once, where it can make a difference."""
    yield from _WAYS.items()
    reactions = (each for event in events for each in registry.reactions_to(event.type, app))
    if any(reaction.is_external for reaction in reactions):
        yield _LOST, _with_lost_answers


def _made_up(app: str, but: Collection[type[Event]]) -> Iterator[Event]:
    for event_class in map(registry.event_class, registry.types_wanted_by(app)):
        if event_class not in but:
            yield from (example_of(event_class, number) for number in (1, 2))


@contextmanager
def _own_tables_only(app: str) -> Iterator[None]:
    """Raise `AssertionError` with the statement, at the end, if another app's table was named."""
    names = "|".join(map(re.escape, foreign_tables(app)))
    foreign = re.compile(rf"\b({names})\b" if names else r"(?!)")
    offending: list[str] = []

    def look(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if foreign.search(sql):
            offending.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield
    assert not offending, f"{app}: a reaction uses a table of another app:\n  {offending[0]}"


def _once(app: str, events: Sequence[Event]) -> None:
    _deliver(app, events, lambda message: handle(app, [message]))


def _twice(app: str, events: Sequence[Event]) -> None:
    def deliver(message: Incoming) -> None:
        handle(app, [message])
        handle(app, [replace(message, redelivered=True)])

    _deliver(app, events, deliver)


def _with_lost_answers(app: str, events: Sequence[Event]) -> None:
    def deliver(message: Incoming) -> None:
        for run in _begin(app, message):
            if run.call is not None:
                run.make_call()
        # The lease of who has not answered is over.
        Delivery.objects.filter(event=message.envelope.id, app=app).update(leased_until=None)
        handle(app, [replace(message, redelivered=True)])

    _deliver(app, events, deliver)


def _together(app: str, events: Sequence[Event]) -> None:
    messages = [published(event) for event in events]
    unfinished = handle_together(app, messages, until=math.inf)
    for message in (*unfinished.left, *unfinished.alone):
        handle(app, [message])
    for message in _emitted_to_itself(app, messages):
        handle(app, [message])
    fail_on_trouble(app)


def _with_unknown_fields(app: str, events: Sequence[Event]) -> None:
    def deliver(message: Incoming) -> None:
        data = {**message.envelope.data, "a_field_of_tomorrow": ["unknown"]}
        handle(app, [replace(message, envelope=replace(message.envelope, data=data))])

    _deliver(app, events, deliver)


def _after_a_rollback(app: str, events: Sequence[Event]) -> None:
    def deliver(message: Incoming) -> None:
        mails = len(getattr(mail, "outbox", ()))
        with transaction.atomic():
            _begin(app, message)
            transaction.set_rollback(True)
        sent = len(getattr(mail, "outbox", ())) - mails
        assert not sent, f"{app}: {message.envelope.type} sent a mail that no rollback takes back"
        handle(app, [message])

    _deliver(app, events, deliver)


def _begin(app: str, message: Incoming) -> list[Run]:
    """Run the open reactions up to their external calls, in one transaction."""
    with transaction.atomic(), collect_events():
        runs = lock_runs(app, [(message, message.envelope.event())])
        for run in runs:
            run.advance()
        save_outcomes(runs)
    return runs


def _deliver(app: str, events: Sequence[Event], deliver: Callable[[Incoming], None]) -> None:
    given = []
    for event in events:
        given.append(published(event))
        deliver(given[-1])
    for message in _emitted_to_itself(app, given):
        deliver(message)
    fail_on_trouble(app)


def _emitted_to_itself(app: str, messages: Sequence[Incoming]) -> list[Incoming]:
    """Publish what an app emitted to itself because of these; not what comes of that in turn."""
    own = [type for type in registry.types_wanted_by(app) if registry.app_label(type) == app]
    causes = [message.envelope.id for message in messages]
    caused = OutboxEvent.objects.filter(type__in=own, causation_id__in=causes)
    rows = list(caused.order_by("publish_after", "id"))
    publish(rows)
    return [Incoming(row.envelope) for row in rows]


_ANEW = "when all is done anew from the same beginning"
#: How the events come, other than each once, and what is said where that makes a difference.
_WAYS: dict[str, Way] = {
    "when each event comes twice": _twice,
    "when all events come in one batch": _together,
    "when events have fields that this code does not know": _with_unknown_fields,
    "when they ran before in a transaction that was rolled back": _after_a_rollback,
}
_LOST = "when an external call is made again because its answer was lost"
