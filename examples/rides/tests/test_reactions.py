"""What matching, surge and fraud do about what they hear."""

from decimal import Decimal
from uuid import uuid4

from eventbus.testing import check_reactions, emitted, given, settle
from fraud.events import RideCleared, RideFlagged, RideRefused
from matching.events import (
    CarFreed,
    DriverMatched,
    LookAgainDue,
    NoCarFound,
    NoCarFree,
)
from matching.models import Car
from rides.events import DropoffDue, PickupDue, RideCancelled, RideCompleted, RideRequested
from rides.models import Ride, ZonePrice
from surge.events import SurgeChanged
from surge.models import Standing, Zone
from tests.town import TownTestCase, ask, come_to_rest
from town.plan import CORNERS, zone
from town.routes import metres


class Matching(TownTestCase):
    def test_the_nearest_free_car_comes(self) -> None:
        where = dict(Car.objects.values_list("corner", "name"))
        nearest = min(where, key=lambda corner: metres(corner, "b2"))
        ask(pickup="b2")
        settle()
        assert emitted(DriverMatched)[0].car == where[nearest]

    def test_when_all_cars_are_taken_it_looks_again_and_gives_up_in_the_end(self) -> None:
        Car.objects.all().delete()
        ask()
        come_to_rest()
        assert (len(emitted(NoCarFree)), len(emitted(NoCarFound))) == (1, 1)
        assert Ride.objects.get().reason == "no car"


class Surge(TownTestCase):
    def test_more_riders_than_cars_raise_the_price_and_a_quiet_zone_lowers_it(self) -> None:
        corner = next(c for c in CORNERS if not Car.objects.filter(corner=c).exists())
        place = zone(corner)
        free = Standing.objects.filter(zone=place).count()
        for rider in range(free + 2):
            ask(f"{rider}", corner, "a1" if corner != "a1" else "b1")
        settle(but=["matching"])
        assert ZonePrice.objects.get(zone=place).surge == Decimal("1.5")
        come_to_rest(but=["matching"])
        assert ZonePrice.objects.get(zone=place).surge == 1

    def test_of_two_words_about_a_car_the_newer_one_holds_in_any_order(self) -> None:
        older = CarFreed(car="K9", corner="a1", zone="abbey", turn=1)
        newer = CarFreed(car="K9", corner="i6", zone="harbour", turn=3)
        given(newer, older, to="surge")
        assert Standing.objects.get(car="K9").zone == "harbour"

    def test_of_two_prices_the_newer_one_holds_in_any_order(self) -> None:
        prices = [
            SurgeChanged(zone="abbey", surge=Decimal(2), change=2, demand=5, supply=1),
            SurgeChanged(zone="abbey", surge=Decimal(3), change=1, demand=9, supply=1),
        ]
        given(*prices, to="rides")
        assert ZonePrice.objects.get(zone="abbey").surge == 2
        assert not Zone.objects.filter(name="abbey", demand__gt=0).exists()


class Fraud(TownTestCase):
    def test_the_fourth_ride_in_a_minute_is_refused_and_its_car_is_free_again(self) -> None:
        for _ in range(4):
            ask("Mallory")
        settle()
        assert (len(emitted(RideCleared)), len(emitted(RideRefused))) == (3, 1)
        assert Car.objects.filter(ride_id=None).count() == 1
        assert Ride.objects.get(state="cancelled").doubts == ["4 rides in a minute"]

    def test_a_ride_that_one_would_walk_is_flagged_and_goes_on(self) -> None:
        ask(pickup="b2", dropoff="b1")
        come_to_rest()
        assert len(emitted(RideFlagged)) == 1
        assert Ride.objects.get().state == Ride.State.COMPLETED


class AnyApp(TownTestCase):
    """What the bus asks of every reaction, whichever app it is of."""

    def setUp(self) -> None:
        super().setUp()
        self.ride = ask()
        [self.requested] = emitted(RideRequested)

    def test_what_takes_any_zone_keeps_to_the_contract(self) -> None:
        for app in ("surge", "fraud", "analytics"):
            check_reactions(app)

    def test_matching_keeps_to_the_contract(self) -> None:
        id = uuid4()
        completed = RideCompleted(
            ride_id=id, car="K1", dropoff="a1", zone="abbey", fare=Decimal("9.50")
        )
        cancelled = RideCancelled(ride_id=uuid4(), zone="abbey", reason="rider")
        requested = self.requested.model_copy(update={"ride_id": id})
        check_reactions("matching", requested, LookAgainDue(ride_id=id), completed, cancelled)

    def test_rides_keeps_to_the_contract(self) -> None:
        matched = DriverMatched(
            ride_id=self.ride,
            zone="abbey",
            car="K1",
            driver="Ada",
            stood_at="a1",
            metres_away=400,
            turn=2,
        )
        price = SurgeChanged(zone="abbey", surge=Decimal(2), change=2, demand=5, supply=1)
        check_reactions(
            "rides",
            NoCarFree(ride_id=self.ride, zone="abbey"),
            RideFlagged(ride_id=self.ride, reasons=("odd",)),
            matched,
            PickupDue(ride_id=self.ride),
            DropoffDue(ride_id=self.ride),
            NoCarFound(ride_id=self.ride, zone="abbey"),
            RideRefused(ride_id=self.ride, reasons=("late",)),
            price,
        )
