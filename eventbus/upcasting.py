"""Upcasting: an event of an older version is read in today's form.

Whoever raises an event's `version` writes down beside it, in `events.py`, what becomes of one step:
a pure function from the JSON data of a version to that of the next. History of any age goes through
those from its version on.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from eventbus.exceptions import InvalidDefinition, InvalidEvent

if TYPE_CHECKING:
    from eventbus.event import Event

Data = dict[str, Any]
Upcaster = Callable[[Data], Data]


def upcasts(event_class: type["Event"], *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Declare a function that makes the data of `from_version` of an event that of the next::

        class BookSold(Event, version=2):
            sale_id: int
            titles: tuple[str, ...]

        @upcasts(BookSold, from_version=1)
        def titles_of_one_book(data: dict[str, Any]) -> dict[str, Any]:
            return {**data, "titles": [data["title"]]}

    It is given JSON values, in a copy that it may change, and must be quick and ask nobody. A
    field that is `Personal` may be blank: an empty text or list. What the next version does not
    know, such as a field that has another name now, it may leave in.

    Raises `InvalidDefinition` for another app's event, for a step that is declared already, and
    for one that leads nowhere.
    """

    def declare(function: Upcaster) -> Upcaster:
        where = f"{function.__module__}.{function.__qualname__}"
        if function.__module__ != event_class.__module__:
            raise InvalidDefinition(f"{where}: declare it beside {event_class.type}")
        if not 1 <= from_version < event_class.version:
            raise InvalidDefinition(
                f"{where}: no step leads from version {from_version} of {event_class.type},"
                f" whose version is {event_class.version}"
            )
        if from_version in event_class.upcasters:
            raise InvalidDefinition(
                f"{where}: version {from_version} of {event_class.type} has an upcaster already"
            )
        event_class.upcasters[from_version] = function
        return function

    return declare


def upcast(event_class: type["Event"], version: int, data: Data) -> Data:
    """Return JSON data of an older version in today's form.

    Raises `InvalidEvent` where a step is missing or fails.
    """
    data = deepcopy(data)
    for step in range(version, event_class.version):
        data = _step(event_class, step, data)
    return data


def missing_steps(event_class: type["Event"]) -> list[int]:
    """Return the versions of an event that nothing upcasts."""
    return [step for step in range(1, event_class.version) if step not in event_class.upcasters]


def _step(event_class: type["Event"], step: int, data: Data) -> Data:
    upcaster = event_class.upcasters.get(step)
    if upcaster is None:
        raise InvalidEvent(f"{event_class.type}: nothing upcasts its version {step}")
    try:
        made = upcaster(data)
    except Exception as error:
        raise InvalidEvent(
            f"{event_class.type}: {upcaster.__name__} fails on its version {step}: {error!r}"
        ) from error
    if not isinstance(made, dict):
        raise InvalidEvent(f"{event_class.type}: {upcaster.__name__} returns no data")
    return made
