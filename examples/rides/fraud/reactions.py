"""How fraud reacts to riders."""

from eventbus import emit, reacts_to
from fraud.events import RideCleared, RideFlagged, RideRefused
from fraud.models import Screening
from rides.events import RideRequested


@reacts_to(RideRequested, emits=[RideCleared, RideFlagged, RideRefused])
def screen_ride(event: RideRequested) -> None:
    screening = Screening.of(event)
    reasons = tuple(screening.reasons)
    if screening.verdict == Screening.Verdict.REFUSED:
        emit(RideRefused(ride_id=event.ride_id, reasons=reasons))
    elif screening.verdict == Screening.Verdict.FLAGGED:
        emit(RideFlagged(ride_id=event.ride_id, reasons=reasons))
    else:
        emit(RideCleared(ride_id=event.ride_id))
