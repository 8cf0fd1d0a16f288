"""External calls of several events that are made as one, such as a batch that a broker takes."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from eventbus.exceptions import BusError

Item = TypeVar("Item")
Send = Callable[[Mapping[UUID, Item]], Mapping[UUID, Any]]


class Unanswered(BusError):
    """A call for several events said nothing of this one: it is made again."""


def call_together(send: Send[Item], items: Mapping[UUID, Item]) -> "dict[UUID, SharedCall]":
    """Return a call for each of these events; the first that is made calls `send` for all.

    For a reaction to many to yield. `send` gets the items by the events' ids, and returns what
    came of each: an exception among it fails that event alone, one that it raises fails all.
    """
    shared = _Shared(send, items)
    return {id: SharedCall(shared, id) for id in items}


class SharedCall:
    """One event's part in a call for several. Raises what the call returned or raised for it."""

    def __init__(self, shared: "_Shared", id: UUID) -> None:
        self._shared, self._id = shared, id

    def __call__(self) -> Any:
        result = self._shared.results().get(self._id, Unanswered(str(self._id)))
        if isinstance(result, Exception):
            raise result
        return result

    @property
    def has_answer(self) -> bool:
        """Return whether another event's part has made the call already."""
        return self._shared.is_made

    @property
    def function(self) -> Callable[..., Any]:
        """Return what is called, for who describes it."""
        return self._shared.send


class _Shared:
    """A call for several events, and once it is made what came of it."""

    def __init__(self, send: Send[Any], items: Mapping[UUID, Any]) -> None:
        self.send, self._items = send, items
        self._results: Mapping[UUID, Any] = {}
        self.is_made = False

    def results(self) -> Mapping[UUID, Any]:
        """Make the call, the first time; returns what came of each event."""
        if not self.is_made:
            self.is_made = True
            try:
                self._results = self.send(self._items)
            except Exception as error:
                self._results = dict.fromkeys(self._items, error)
        return self._results
