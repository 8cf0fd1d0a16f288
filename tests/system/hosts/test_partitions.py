"""One machine of three is cut off and comes back: nothing is lost, nothing happens twice."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devtools.system import PROJECT
from devtools.waiting import wait_until
from tests.system.hosts.conftest import Machines
from tests.system.processes.conftest import first_invoices

ORDERS = "select count(*) from orders_order"
DONE = "select count(*) from eventbus_delivery where state = 'done'"
WAITING = "select count(*) from eventbus_delivery where state = 'waiting'"
#: Seconds without anything new after which a machine is said to stand still.
STILL = 3
#: Seconds in which everything is settled after a cable was pulled; a TCP connection of before
#: sends again only after as long as the cable was out.
SETTLED_WITHIN = 240


@contextmanager
def customers(machines: Machines, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Customers of a real trading day, who order on the web machine."""
    file = first_invoices(folder / "day.csv", 8)
    process = subprocess.Popen(
        [*machines.web.within, sys.executable, "manage.py", "replay_orders", str(file), "--json"],
        cwd=PROJECT,
        env=machines.web.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()


def assert_nothing_is_lost_or_doubled(machines: Machines, ordering: subprocess.Popen[str]) -> None:
    out, err = ordering.communicate(timeout=SETTLED_WITHIN)
    assert ordering.returncode == 0, err
    result = json.loads(out)
    assert (result["open"], result["failed_reactions"]) == (0, 0)
    audit = machines.web.manage("audit", "--json")
    assert [rule for rule in json.loads(audit.stdout)["rules"] if rule["violations"]] == []


def test_orders_go_on_while_the_workers_are_cut_off(machines, tmp_path):
    before, done = machines.count(ORDERS), machines.count(DONE)
    machines.network.cut_off("workers")
    with customers(machines, tmp_path) as ordering:
        machines.wait_for(ORDERS, before + 6, "orders are placed")
        machines.wait_for(WAITING, 1, "their events wait")
        assert machines.count(DONE) == done
        machines.network.rejoin("workers")
        assert_nothing_is_lost_or_doubled(machines, ordering)


@pytest.mark.parametrize(("machine", "stopped"), [("servers", DONE), ("web", ORDERS)])
def test_a_machine_cut_off_in_the_middle_catches_up(machines, tmp_path, machine, stopped):
    before = machines.count(DONE)
    with customers(machines, tmp_path) as ordering:
        machines.wait_for(DONE, before + 20, "reactions")
        machines.network.cut_off(machine)
        wait_until_still(machines, stopped)
        machines.network.rejoin(machine)
        assert_nothing_is_lost_or_doubled(machines, ordering)


def wait_until_still(machines: Machines, counted: str) -> None:
    """Wait until nothing goes on any more without the machine that is cut off."""
    since, last = time.monotonic(), machines.count(counted)

    def still() -> bool:
        nonlocal since, last
        if (now := machines.count(counted)) != last:
            since, last = time.monotonic(), now
        return time.monotonic() - since > STILL

    wait_until(still, 180, "nothing goes on")
