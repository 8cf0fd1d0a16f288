"""How surge reacts to riders and cars, and to its own clock."""

from datetime import timedelta

from django.conf import settings

from eventbus import Event, emit, now, reacts_to
from matching.events import CarFreed, DriverMatched
from rides.events import RideRequested
from surge.events import SurgeChanged, ZoneReviewDue
from surge.models import Asked, Standing, Zone

PRICES: list[type[Event]] = [SurgeChanged, ZoneReviewDue]


@reacts_to(RideRequested, emits=PRICES)
def count_demand(event: RideRequested) -> None:
    Asked.objects.create(ride_id=event.ride_id, zone=event.zone, at=event.occurred_at)
    _price(event.zone)


@reacts_to(CarFreed, emits=PRICES)
def count_free_car(event: CarFreed) -> None:
    _move(event.car, event.zone, event.turn)
    _price(event.zone)


@reacts_to(DriverMatched, emits=PRICES)
def count_taken_car(event: DriverMatched) -> None:
    if stood_in := _move(event.car, "", event.turn):
        _price(stood_in)


@reacts_to(ZoneReviewDue, emits=PRICES)
def review(event: ZoneReviewDue) -> None:
    with Zone.objects.get_for_update(name=event.zone) as zone:
        zone.review_at = None
    _price(event.zone)


def _move(car: str, zone: str, turn: int) -> str:
    with Standing.objects.get_or_create_for_update(car=car) as standing:
        return standing.move(zone, turn)


def _price(name: str) -> None:
    lately = now() - timedelta(seconds=settings.DEMAND_WITHIN)
    with Zone.objects.get_or_create_for_update(name=name) as zone:
        demand = Asked.since(lately, name)
        supply = Standing.objects.filter(zone=name).count()
        if zone.count(demand, supply):
            emit(
                SurgeChanged(
                    zone=name, surge=zone.surge, change=zone.change, demand=demand, supply=supply
                )
            )
        if zone.demand and zone.review_at is None:
            zone.review_at = now() + timedelta(seconds=settings.REVIEW_AFTER)
            emit(ZoneReviewDue(zone=name), publish_after=zone.review_at)
