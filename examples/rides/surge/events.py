"""The events of the surge app."""

from decimal import Decimal

from eventbus import Deadline, Event


class SurgeChanged(Event):
    """Fares in a zone are multiplied by another number from now on."""

    zone: str
    surge: Decimal
    #: counts the changes of this zone: of two the higher one is newer
    change: int
    #: who asked lately, and the cars that were free: why
    demand: int
    supply: int


class ZoneReviewDue(Deadline):
    """It is time to see whether a zone has calmed down."""

    zone: str
