"""Checking the contract of reactions at each turn of a story."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from eventbus import Event, registry
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import check_reactions, settle
from tests.scenarios import every_reaction


@contextmanager
def checked(but: Collection[str] = ()) -> Iterator["Checking"]:
    """Within, whatever comes in a story of `every_reaction` is checked before it comes.

    Reactions named in `but` do nothing while they are checked.
    """
    checking = Checking(but)
    every_reaction.stocked_up(1)
    with pytest.MonkeyPatch.context() as patch, every_reaction.reactions_as(checking.noting):
        patch.setattr(every_reaction, "settle", checking.settle)
        yield checking


@dataclass
class Checking:
    """Checks apps with what comes to them: each once with an event of each type."""

    but: Collection[str]
    #: apps and the types of events that they were checked with
    tried: set[tuple[str, str]] = field(default_factory=set)
    #: reactions that ran while they were checked
    ran: set[str] = field(default_factory=set)
    is_checking: bool = False

    def settle(self, **how: Any) -> None:
        """Check who has not been checked with what comes next; then let it come."""
        waiting, coming = _coming(how)
        self.is_checking = True
        for app in registry.apps_with_reactions():
            if app not in how.get("but", ()):
                self._check(app, waiting, coming)
        self.is_checking = False
        settle(**how)

    def _check(self, app: str, waiting: list[Event], coming: list[Event]) -> None:
        """Check an app with what comes. What it emits to itself because of it, the check brings."""
        types = registry.types_wanted_by(app)
        wanted = [event for event in (*waiting, *coming) if event.type in types]
        given = [event for event in wanted if event.app != app or event in waiting]
        new = {(app, event.type) for event in wanted} - self.tried
        if not {(app, event.type) for event in wanted if event not in given} & new:
            # With what else comes about the same, without which it may be unknown.
            about = {event.subject for event in given if (app, event.type) in new}
            given = [event for event in given if event.subject in about]
        if given and new:
            check_reactions(app, *given, but=[registry.event_class(type) for type in types])
            self.tried |= new

    def noting(self, reaction: registry.Reaction) -> Callable[..., Any]:
        """Return a reaction's function, which notes that it ran while it was checked."""
        function, name = reaction.function, f"{reaction.app}.{reaction.name}"

        def run(*args: Any) -> Any:
            if self.is_checking and name in self.but:
                return (call for call in ()) if reaction.is_external else None
            if self.is_checking:
                self.ran.add(name)
            return function(*args)

        return run


def _coming(how: dict[str, Any]) -> tuple[list[Event], list[Event]]:
    """Return what waits to be published, and what is emitted, when all settles: that is undone."""
    rows = OutboxEvent.objects.order_by("publish_after", "id")
    with transaction.atomic():
        waiting = [*rows.filter(published_at=None).values_list("id", flat=True)]
        known = [*rows.values_list("id", flat=True)]
        settle(**how)
        come = rows.exclude(published_at=None)
        both = come.filter(id__in=waiting), come.exclude(id__in=known)
        waited, emitted = ([row.envelope.event() for row in each] for each in both)
        transaction.set_rollback(True)
    return waited, emitted
