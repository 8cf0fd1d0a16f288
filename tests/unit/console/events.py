"""An event of the tests' own, to be catalogued."""

from typing import Any, Literal
from uuid import UUID

from eventbus import Event, upcasts


class Slice(Event.Value):
    #: from 1
    place: int


class CakeBaked(Event, version=3):
    """A cake came
    out of the oven.

    Of no interest here.
    """

    cake: UUID
    #: who baked it,
    #: if anybody knows
    baker: str | None

    slices: tuple[Slice, ...]
    kind: Literal["sponge", "cheese"] = "sponge"


@upcasts(CakeBaked, from_version=1)
def uncut(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "slices": []}


@upcasts(CakeBaked, from_version=2)
def by_somebody(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "baker": None}


class SmallCakeBaked(CakeBaked):
    """A small one."""

    #: in millimetres
    width: int
