"""The database's host is gone without a word: everybody goes to the one that took over."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.system.brokers.mail import Mail
from tests.system.hosts.databases import standing_by
from tests.system.hosts.network import Network, network
from tests.system.hosts.small import small_environment, this_process_at


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
