"""Every worker leaves signs of life; one that is told to stop leaves in good order."""

import json

from devtools.waiting import wait_until
from shop.settings import REACTING_APPS
from tests.system.processes.conftest import wait_for

#: Asked first: each run of the command costs as much as a thousand of it.
ALIVE = f"""
    select count(distinct app) from eventbus_operations_workerheartbeat
    where app in {tuple(REACTING_APPS)} and seen_at > now() - interval '10 s'
"""


def seen(system):
    """The apps of the workers that are alive, and those without one."""
    report = json.loads(system.manage("workers", "--json").stdout)
    alive = {worker["app"] for worker in report["workers"] if worker["state"] == "alive"}
    return alive, report["without_worker"]


def test_every_app_has_a_worker_alive_until_it_is_stopped(system):
    wait_for(system, ALIVE, len(REACTING_APPS), "signs of life", 60)
    wait_until(lambda: not seen(system)[1], 60, "every worker is seen")
    system.stop_program("fraud")
    try:
        wait_until(lambda: seen(system)[1] == ["fraud"], 60, "fraud has none")
    finally:
        system.start_program("fraud")
    wait_for(system, ALIVE, len(REACTING_APPS), "signs of life", 60)
    wait_until(lambda: "fraud" in seen(system)[0], 60, "fraud has one again")
