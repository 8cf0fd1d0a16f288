"""How analytics reacts: it counts."""

from analytics.models import ZoneFigures
from eventbus import reacts_to
from matching.events import DriverMatched
from rides.events import RideCancelled, RideCompleted, RideRequested


@reacts_to(RideRequested)
def count_request(event: RideRequested) -> None:
    with ZoneFigures.objects.get_or_create_for_update(zone=event.zone) as figures:
        figures.requested += 1


@reacts_to(DriverMatched)
def count_match(event: DriverMatched) -> None:
    with ZoneFigures.objects.get_or_create_for_update(zone=event.zone) as figures:
        figures.matched += 1


@reacts_to(RideCompleted)
def count_completed(event: RideCompleted) -> None:
    with ZoneFigures.objects.get_or_create_for_update(zone=event.zone) as figures:
        figures.completed += 1
        figures.taken += event.fare


@reacts_to(RideCancelled)
def count_cancelled(event: RideCancelled) -> None:
    with ZoneFigures.objects.get_or_create_for_update(zone=event.zone) as figures:
        if event.reason == "refused":
            figures.refused += 1
        else:
            figures.cancelled += 1
