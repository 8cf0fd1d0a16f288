"""The events of the catalogue: what is sold, and how."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from pydantic import Field

from eventbus import Deadline, Event

#: While there is stock; also when there is none, sent later; without counting; until it is counted.
Selling = Literal["tracked", "backorder", "untracked", "uncounted"]


class VariantListed(Event):
    """A product variant joined the catalogue, with the stock its file declared."""

    sku: str
    title: str
    price: Decimal
    currency: str
    opening_stock: int
    selling: Selling = "tracked"


class SellingChanged(Event):
    """What stock means for a variant is otherwise from now on."""

    sku: str
    selling: Selling
    #: what a file declared; None where nothing was said of it
    opening_stock: int | None = None


class PriceAdjusted(Event, abstract=True):
    """For a while a variant costs more or less than its price; then it costs its price again.

    Of a variant's adjustments the one that occurred last counts.
    """

    sku: str
    #: what its price is multiplied by, to the cent; 1 ends an adjustment early
    factor: Decimal = Field(ge=Decimal("0.5"), le=Decimal(3), decimal_places=2, examples=["1.25"])
    #: how long it holds, at most a day
    seconds: int = Field(ge=1, le=24 * 60 * 60)

    @property
    def ends_at(self) -> datetime:
        return self.occurred_at + timedelta(seconds=self.seconds)


# Deadlines: timers of our own, emitted ahead and published when due.


class PriceResetDue(Deadline):
    """An adjustment is over: lists are to show the variant's own price again."""

    sku: str
