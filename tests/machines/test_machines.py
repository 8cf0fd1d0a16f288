"""One machine of three is cut off and comes back: nothing is lost, nothing happens twice."""

import json
import subprocess
import sys

import pytest

from shop.system import PROJECT
from shop.waiting import wait_until
from tests.live.conftest import first_invoices

ORDERS = "select count(*) from orders_order"
ENDED = "select count(*) from orders_order where ended_at is not null"
DONE = "select count(*) from bus_delivery where state = 'done'"
WAITING = "select count(*) from bus_delivery where state = 'waiting'"


class Customers:
    """Customers who order on the web machine, of a real trading day."""

    def __init__(self, machines, folder, orders: int) -> None:
        file = first_invoices(folder / "day.csv", orders)
        command = [sys.executable, "manage.py", "replay_orders", str(file), "--json"]
        self._process = subprocess.Popen(
            [*machines.network.within("web"), *command],
            cwd=PROJECT,
            env=machines.web.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def result(self) -> dict:
        out, err = self._process.communicate(timeout=240)
        assert self._process.returncode == 0, err
        return json.loads(out)


def assert_nothing_is_lost_or_doubled(machines, result) -> None:
    assert (result["open"], result["failed_reactions"]) == (0, 0)
    audit = machines.web.manage("audit", "--json")
    assert [rule for rule in json.loads(audit.stdout)["rules"] if rule["violations"]] == []


def test_orders_go_on_while_the_workers_are_cut_off(machines, tmp_path):
    before = machines.count(ORDERS)
    machines.network.cut_off("workers")
    customers = Customers(machines, tmp_path, 15)
    machines.wait_for(ORDERS, before + 12, "orders are placed")
    machines.wait_for(WAITING, 1, "their events wait")
    assert machines.count(ENDED) == before
    machines.network.rejoin("workers")
    assert_nothing_is_lost_or_doubled(machines, customers.result())


@pytest.mark.parametrize("machine", ["servers", "web"])
def test_a_machine_cut_off_in_the_middle_catches_up(machines, tmp_path, machine):
    before = machines.count(DONE)
    customers = Customers(machines, tmp_path, 15)
    machines.wait_for(DONE, before + 50, "reactions")
    machines.network.cut_off(machine)
    standstill(machines, machine)
    machines.network.rejoin(machine)
    assert_nothing_is_lost_or_doubled(machines, customers.result())


def standstill(machines, machine: str) -> None:
    """Wait until what the machine is needed for has come to an end."""
    seen = []

    def still() -> bool:
        seen.append((machines.count(ORDERS), machines.count(DONE) if machine == "servers" else 0))
        return len(seen) > 40 and len(set(seen[-40:])) == 1

    wait_until(still, 60, f"nothing goes on without {machine}")
