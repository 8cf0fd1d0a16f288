"""Every ride ends, whichever app is off and in whatever order it hears of things."""

from analytics.models import ZoneFigures
from eventbus.testing import emitted, given, redeliver, resume, settle
from fraud.events import RideRefused
from fraud.models import Screening
from matching.models import Car
from rides.errors import NoName, NoSuchPlace, NothingToDrive, TooLate
from rides.events import RideCancelled, RideCompleted, RideStarted
from rides.models import Ride
from rides.services import cancel_ride, request_ride
from surge.models import Asked
from tests.town import TownTestCase, ask, come_to_rest, state
from town.plan import CORNERS


class Rides(TownTestCase):
    def test_all_rides_end_in_any_order_of_arrival_and_twice_delivered(self) -> None:
        for seed in range(2):
            rides = [ask(f"{seed}-{n}", CORNERS[n], CORNERS[50 - n]) for n in range(0, 24, 4)]
            come_to_rest(seed=seed, copies=2)
            ended = {state(ride) for ride in rides}
            assert ended <= {Ride.State.COMPLETED, Ride.State.CANCELLED}
            assert Car.objects.filter(ride_id=None).count() == 4

    def test_one_of_surge_fraud_and_analytics_off_does_not_stop_a_ride(self) -> None:
        for off in ("surge", "fraud", "analytics"):
            ride = ask(off)
            come_to_rest(but=[off])
            assert state(ride) == Ride.State.COMPLETED
            resume(off)
            come_to_rest()
        assert Asked.objects.count() == 3
        assert Screening.objects.count() == 3
        figures = ZoneFigures.objects.get()
        assert (figures.requested, figures.matched, figures.completed) == (3, 3, 3)
        assert figures.taken == sum(e.fare for e in emitted(RideCompleted))

    def test_while_matching_is_off_a_ride_waits_and_then_goes_on(self) -> None:
        ride = ask()
        come_to_rest(but=["matching"])
        assert state(ride) == Ride.State.REQUESTED
        resume("matching")
        come_to_rest()
        assert state(ride) == Ride.State.COMPLETED

    def test_a_rider_may_cancel_until_the_ride_begins(self) -> None:
        ride = ask()
        settle()
        cancel_ride(ride)
        come_to_rest()
        assert Ride.objects.get().reason == "rider"
        assert Car.objects.filter(ride_id=None).count() == 4
        with self.assertRaisesMessage(TooLate, "over"):
            cancel_ride(ride)

    def test_who_is_refused_when_the_ride_has_begun_stays_in_the_car(self) -> None:
        ride = ask()
        come_to_rest(but=["fraud"])
        given(RideRefused(ride_id=ride, reasons=("late",)), to="rides")
        assert state(ride) == Ride.State.COMPLETED
        assert Ride.objects.get().doubts == ["late"]
        assert emitted(RideCancelled) == []

    def test_a_ride_starts_once(self) -> None:
        ask()
        come_to_rest()
        [started], [completed] = emitted(RideStarted), emitted(RideCompleted)
        redeliver(completed, started, to="analytics")
        assert ZoneFigures.objects.get().completed == 1

    def test_what_makes_no_ride_is_refused_by_name(self) -> None:
        with self.assertRaisesMessage(NoSuchPlace, "z9"):
            request_ride("Alma", "z9", "a1")
        with self.assertRaisesMessage(NothingToDrive, "there already"):
            request_ride("Alma", "a1", "a1")
        for rider in ("", "\0", "a" * 41):
            with self.assertRaisesMessage(NoName, "at most 40"):
                request_ride(rider, "a1", "b1")
        assert Ride.objects.count() == 0
