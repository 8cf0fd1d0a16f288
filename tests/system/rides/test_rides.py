"""A ride goes through whichever app is off, as far as it can do without."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from devtools.embedded import run_folder
from devtools.waiting import wait_until
from tests.system.rides.conftest import EXAMPLE, Town


def test_a_ride_goes_through_without_surge_and_each_app_reacts_in_the_end(town: Town):
    town.goes_on_without("surge")
    ride = town.request()
    town.becomes(ride, "completed")
    apps = ["analytics", "fraud", "matching", "surge"]
    wait_until(lambda: town.reacted(ride) == apps, 60, "all have reacted")
    story = town.get(f"rides/{ride}/")
    assert all(word in story for word in ("RideRequested", "DriverMatched", "RideCompleted"))


def test_while_matching_is_off_a_ride_waits_and_nothing_of_it_is_lost(town: Town):
    town.switch("matching", on=False)
    ride = town.request()
    others = ["analytics", "fraud", "surge"]
    wait_until(lambda: town.reacted(ride) == others, 60, "the others reacted")
    assert town.query("select state from rides_ride where ride_id = %s", ride) == [("requested",)]
    town.switch("matching", on=True)
    town.becomes(ride, "completed")


def test_who_asks_too_often_is_refused(town: Town):
    rides = [town.request(rider="Mallory") for _ in range(4)]
    town.becomes(rides[-1], "cancelled")
    assert "4 rides in a minute" in town.get(f"rides/{rides[-1]}/")


@pytest.mark.parametrize(
    ("rider", "pickup", "dropoff", "why"),
    [
        ("Ann", "z9", "a1", "there is no corner 'z9'"),
        ("Ann", "a1", "a1", "choose another corner"),
        (" ", "a1", "b1", "say who rides"),
    ],
)
def test_what_makes_no_ride_is_answered_by_what_is_wrong(town: Town, rider, pickup, dropoff, why):
    answer = town.post("rides/", rider=rider, pickup=pickup, dropoff=dropoff)
    assert answer["status"] == "400"
    assert why in answer["error"]


def test_the_rules_of_the_example_hold_by_its_own_tests(town: Town, tmp_path: Path):
    (tmp_path / "eventbus").symlink_to(EXAMPLE.parents[1] / "eventbus")
    where = {"PGHOST": str(run_folder(town.state) / "postgres"), "PGUSER": "postgres"}
    path = {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "web.settings"}
    command = [sys.executable, "manage.py", "test", "--verbosity=1"]
    done = subprocess.run(
        command, cwd=EXAMPLE, env=os.environ | where | path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_worker_that_is_killed_is_started_again(town: Town):
    killed = _workers(town, "surge")
    killed[0].kill()
    wait_until(lambda: _workers(town, "surge") not in ([], killed), 30, "another one")


def _workers(town: Town, app: str) -> list[psutil.Process]:
    """The processes of an app's worker that the town's own process has started."""
    running = [each for each in psutil.Process(town.process.pid).children() if each.is_running()]
    return [each for each in running if each.status() != "zombie" and app in each.cmdline()]
