"""Flower shows each app's worker, and its tasks by the event's name."""

import base64
import json
from urllib.request import Request, urlopen

import pytest

from devtools.waiting import wait_until
from shop.settings import REACTING_APPS
from tests.system.processes.conftest import IDLE


def ask(system, path: str):
    """Return what Flower's API answers, as its user."""
    password = system.env.get("FLOWER_PASSWORD", "flower")
    login = base64.b64encode(f"flower:{password}".encode()).decode()
    url = f"http://127.0.0.1:{system.env['FLOWER_PORT']}/api/{path}"
    with urlopen(Request(url, headers={"Authorization": f"Basic {login}"}), timeout=30) as answer:
        return json.load(answer)


@pytest.mark.usefixtures("replayed")
def test_flower_shows_every_worker_and_tasks_named_by_event(system):
    def workers() -> set[str]:
        return {task["worker"].partition("@")[0] for task in tasks().values() if task["worker"]}

    def tasks() -> dict:
        return ask(system, "tasks?limit=5000")

    wait_until(lambda: workers() >= set(REACTING_APPS) - IDLE, 180, "tasks of every app's worker")
    names = {task["name"] for task in tasks().values()}
    assert {"orders.OrderPlaced", "billing.OrderBilled", "shipping.OrderShipped"} <= names
    assert {name.partition("@")[0] for name in ask(system, "workers?status=1")} >= set(
        REACTING_APPS
    )


def test_each_apps_copy_of_an_event_is_a_task_of_its_own(system):
    placed = ask(system, "tasks?taskname=orders.OrderPlaced&limit=5000")
    apps = [task["worker"].partition("@")[0] for task in placed.values()]
    assert {"inventory", "billing", "shipping", "fraud"} <= set(apps)


def test_flower_shows_no_personal_data(system):
    text = json.dumps(ask(system, "tasks?limit=5000"))
    assert "@customers.example" not in text
