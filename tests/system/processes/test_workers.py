"""Every worker leaves signs of life; one that is told to stop leaves in good order."""

import json

from devtools.waiting import wait_until


def seen(system):
    """The apps of the workers that are alive, and those without one."""
    report = json.loads(system.manage("workers", "--json").stdout)
    alive = {worker["app"] for worker in report["workers"] if worker["state"] == "alive"}
    return alive, report["without_worker"]


def test_every_app_has_a_worker_alive_until_it_is_stopped(system):
    wait_until(lambda: not seen(system)[1], 60, "every worker is seen")
    system.stop_program("fraud")
    try:
        wait_until(lambda: seen(system)[1] == ["fraud"], 60, "fraud has none")
    finally:
        system.start_program("fraud")
    wait_until(lambda: "fraud" in seen(system)[0], 60, "fraud has one again")
