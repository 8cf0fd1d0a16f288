"""One town for the tests of this folder, with nobody in it but who a test sends.

An app's worker takes seconds to start. So where one is to be off it is before it was ever on, or
while something else is tried too.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

import psycopg
import pytest

from devtools.embedded import run_folder
from devtools.system import PROJECT, free_ports, temporary_state
from devtools.waiting import wait_until
from shop.process_tree import end_with_parent

EXAMPLE = PROJECT / "examples" / "rides"
#: So fast are cars that nobody waits for them: metres in a second.
FAST = "3000"
OPEN = "select count(*) from eventbus_delivery where app = %s and state <> 'done'"
REACTED = """
    select distinct d.app from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
    where e.subject = %s and e.type = 'rides.RideRequested' and d.state = 'done'
"""
_riders = count(1)


@dataclass(frozen=True)
class Town:
    """A town that runs."""

    state: Path
    url: str
    process: "subprocess.Popen[bytes]"
    client: OpenerDirector

    def get(self, path: str) -> str:
        """Return what is at a path."""
        with self.client.open(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path: str, **fields: str) -> dict[str, str]:
        """Send a form as the page does; returns what came back."""
        [cookies] = [h for h in self.client.handlers if isinstance(h, HTTPCookieProcessor)]
        token = next(c.value for c in cookies.cookiejar if c.name == "csrftoken")
        data = urlencode(fields).encode()
        request = Request(self.url + path, data, {"X-CSRFToken": str(token)})
        try:
            with self.client.open(request, timeout=30) as answer:
                return json.load(answer)
        except HTTPError as refusal:
            return {"status": str(refusal.code), **json.load(refusal)}

    def query(self, statement: str, *values: object) -> list[tuple]:
        """Return what a query on the town's database gives."""
        return self._database.execute(statement, values or None).fetchall()

    @cached_property
    def _database(self) -> psycopg.Connection:
        # Kept: who waits asks often, and to connect takes longer than any answer.
        where = f"host={run_folder(self.state) / 'postgres'} user=postgres dbname=rides"
        return psycopg.connect(where, autocommit=True)

    def request(self, pickup: str = "b2", dropoff: str = "g5", rider: str = "") -> str:
        """Ask for a ride, as somebody else each time; returns its id."""
        rider = rider or f"rider {next(_riders)}"
        return self.post("rides/", rider=rider, pickup=pickup, dropoff=dropoff)["id"]

    def becomes(self, ride: str, state: str) -> None:
        """Wait until a ride is in a state."""
        query = "select state from rides_ride where ride_id = %s"
        wait_until(lambda: self.query(query, ride) == [(state,)], 60, f"{ride} is {state}")

    def reacted(self, ride: str) -> list[str]:
        """Return which apps have reacted to the request for a ride."""
        return sorted(app for (app,) in self.query(REACTED, ride))

    def works(self, app: str) -> bool:
        """Return whether an app's worker has left a sign of life."""
        seen = "select count(*) from eventbus_operations_workerheartbeat where app = %s"
        return self.query(seen, app) != [(0,)]

    def switch(self, app: str, on: bool) -> None:
        """Switch an app's worker, as the page does, and wait until that has happened."""
        self.post(f"workers/{app}/", on="true" if on else "false")
        wait_until(lambda: self.works(app) == on, 60, f"{app} is {'on' if on else 'off'}")

    def goes_on_without(self, app: str) -> None:
        """Have a ride go through without an app, which is on again then and catches up."""
        ride = self.request()
        self.becomes(ride, "completed")
        assert self.query(OPEN, app) != [(0,)]
        self.switch(app, on=True)
        self.catches_up(app)
        assert app in self.reacted(ride)

    def catches_up(self, app: str) -> None:
        """Wait until nothing waits for an app."""
        wait_until(lambda: self.query(OPEN, app) == [(0,)], 60, f"{app} has caught up")

    def end(self) -> None:
        """End it, unless it has ended."""
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="package")
def town() -> Iterator[Town]:
    """The town as `make rides` starts it. `surge` is off until a test has switched it on."""
    with temporary_state() as state, running_town(state, off="surge") as town:
        yield town


@contextmanager
def running_town(state: Path, off: str, broker: str = "") -> Iterator[Town]:
    """Run a town from a state folder, one worker off; with Valkey where no broker is named."""
    (state / "off").mkdir(exist_ok=True)
    (state / "off" / off).touch()
    [port] = free_ports(1)
    own = {"PGHOST": "", "BROKER_URL": broker, "RIDES_SPEED": FAST}
    output = state / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "run.py", "--state", state, "--port", str(port), "--rides", "0"],
            cwd=EXAMPLE,
            env=os.environ | own,
            stdout=file,
            stderr=file,
            preexec_fn=end_with_parent,
        )
    client = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    town = Town(state, f"http://127.0.0.1:{port}/", process, client)
    try:
        wait_until(lambda: _is_ready(output, process), 120, "ready")
        town.get("")
        yield town
    finally:
        town.end()


def _is_ready(output: Path, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, output.read_text()
    return "ready" in output.read_text()
