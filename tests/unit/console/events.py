"""An event of the tests' own, to be catalogued."""

from typing import Literal
from uuid import UUID

from eventbus import Event


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


class SmallCakeBaked(CakeBaked):
    """A small one."""

    #: in millimetres
    width: int
