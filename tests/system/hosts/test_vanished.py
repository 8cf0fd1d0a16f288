"""The database's host is gone without a word: everybody goes to the one that took over."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from devtools.system import PROJECT, temporary_state
from tests.system.brokers.mail import Mail
from tests.system.hosts.databases import Server, standing_by
from tests.system.hosts.network import Network, network
from tests.system.hosts.small import SILENCE, small_environment, this_process_at

#: Connects, and sends a statement when it is told to.
ASK = """
import sys, django
django.setup()
from django.db import OperationalError, connection
connection.ensure_connection()
print("connected", flush=True)
sys.stdin.readline()
try:
    connection.cursor().execute("select 1")
except OperationalError:
    print("given up", flush=True)
"""
#: Seconds, far fewer than the quarter of an hour in which the kernel gives up by itself.
GIVEN_UP_WITHIN = 60


@pytest.fixture
def machines() -> Iterator[Network]:
    with ExitStack() as stack:
        try:
            made = stack.enter_context(network())
        except RuntimeError as reason:
            pytest.skip(f"needs the right to make network namespaces (root): {reason}")
        yield made


def test_a_host_that_vanished_holds_nobody_up(machines, settings, django_db_blocker):
    at = {name: (machines.within(name), machines.address(name)) for name in ("servers", "web")}
    hosts = ",".join(address for _, address in at.values())
    with (
        django_db_blocker.unblock(),
        standing_by(at["servers"], at["web"]) as (primary, standby),
        small_environment(
            primary, f"postgresql://postgres@{hosts}:5432/shop", machines.within("workers")
        ) as environment,
    ):
        mail = Mail(environment)
        with this_process_at(environment, str(primary.socket.parent), "", settings):
            mail.delivered()
            machines.cut_off("servers")
            note = mail.sent()
            standby.wait_for(primary)
        standby.ask("select pg_promote()")
        with this_process_at(environment, str(standby.socket.parent), "", settings):
            mail.wait_for_everybody(note, mail.sent())


def test_a_statement_to_a_host_that_vanished_is_given_up(machines):
    """One that is under way, for which TCP sends no keepalives."""
    with temporary_state() as state:
        server = Server(state, (machines.within("servers"), machines.address("servers")))
        url = f"postgresql://postgres@{machines.address('servers')}:5432/postgres"
        with server.running():
            asking = subprocess.Popen(
                [*machines.within("workers"), sys.executable, "-c", ASK],
                cwd=PROJECT,
                env=os.environ | {"DATABASE_URL": url, "SILENCE_LIMIT": SILENCE},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                assert asking.stdout.readline() == "connected\n"
                machines.cut_off("servers")
                out, _ = asking.communicate("ask\n", timeout=GIVEN_UP_WITHIN)
            finally:
                asking.kill()
    assert out == "given up\n"
