"""Events of the tests' own, as an app called `tests` would emit them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from eventbus import Deadline, Event, Personal, Task, upcasts


class Rang(Event):
    """Somebody rang the bell."""

    bell: UUID


class Answered(Event):
    """Somebody answered the bell."""

    bell: UUID
    by: str


class Knocked(Event):
    """Somebody knocked at the door."""

    door: UUID


class Hurried(Event):
    """Somebody wants an answer at once."""

    bell: UUID


class Passed(Event):
    """Somebody passed by."""

    name: str


class Waved(Event):
    """Somebody waved as they passed by."""

    name: str


class Honked(Event):
    """Somebody honked at the gates."""

    name: str


class Beckoned(Event, abstract=True):
    """Somebody wants the dog to come, in whatever way."""

    dog: UUID


class Whistled(Beckoned):
    """Somebody whistled for the dog."""

    tune: str


class Priced(Event, version=2):
    """A thing got a price."""

    thing: str
    price: Decimal
    note: str = ""


@upcasts(Priced, from_version=1)
def cents_as_price(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "price": str(Decimal(data["cents"]) / 100)}


class Caller(Event.Value):
    name: Personal[str]
    street: Personal[str] = ""
    country: str


class Called(Event):
    """Somebody said through the bell who they are."""

    bell: UUID
    email: Personal[str]
    note: Personal[str | None]
    by: Caller
    with_them: tuple[Caller, ...]
    said: Personal[tuple[str, ...]]


class RingDue(Deadline):
    """Time to ring once more."""

    bell: UUID


class RingAgain(Task):
    """Ring once more."""

    bell: UUID


class Sang(Event):
    """Somebody sang at the door."""

    song: str
