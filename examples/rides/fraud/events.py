"""The events of the fraud app."""

from uuid import UUID

from eventbus import Event


class RideCleared(Event):
    """Nothing speaks against the rider."""

    ride_id: UUID


class RideFlagged(Event):
    """The ride looks odd. It may go on."""

    ride_id: UUID
    reasons: tuple[str, ...]


class RideRefused(Event):
    """The ride is taken for fraud: it must not begin."""

    ride_id: UUID
    reasons: tuple[str, ...]
