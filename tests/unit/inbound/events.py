"""Events that systems of others would state, and one of the tests' own."""

from decimal import Decimal

from eventbus import Event, Personal


class StockCounted(Event, foreign_source="//warehouse", foreign_type="acme.stock.counted"):
    """The warehouse counted what is there of an article."""

    sku: str
    units: int
    value: Decimal = Decimal()


class ParcelWeighed(Event, foreign_source="//scales"):
    """The scales at the dock weighed a parcel."""

    parcel: str
    by: Personal[str] = ""


class StockLow(Event):
    """An article is nearly gone."""

    sku: str
