"""The events of the fraud app."""

from uuid import UUID

from pydantic import Field

from eventbus import Event, Personal


class OrderCleared(Event):
    """Nothing speaks against the order."""

    order_id: UUID
    number: str
    #: 0 to 100
    score: int
    reasons: Personal[tuple[str, ...]] = Field(max_length=50)


class OrderFlagged(Event):
    """The order looks odd; staff must decide."""

    order_id: UUID
    number: str
    score: int
    reasons: Personal[tuple[str, ...]] = Field(max_length=50)


class OrderRefused(Event):
    """The order is taken for fraud."""

    order_id: UUID
    number: str
    score: int
    reasons: Personal[tuple[str, ...]] = Field(max_length=50)
