"""The test apps in this very process: no broker, no relay, no worker."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest

from devtools.waiting import wait_until
from eventbus import registry
from eventbus.delivery.runner import Incoming, handle
from eventbus.envelope import Envelope
from eventbus.testing import later, resume, settle
from tests.databases import own_database
from tests.system.brokers.broker_environment import DATABASE, prepare_database
from tests.system.brokers.mail import WITHIN, Mail

#: Where there is no broker: who asks for one is found out.
NOWHERE = "redis://127.0.0.1:1/0"


class ProcessEnvironment:
    """What would run elsewhere. Apps can be off; nothing else can."""

    url = NOWHERE

    def __init__(self) -> None:
        self.off: set[str] = set()

    def turn_off(self, app: str) -> None:
        self.off.add(app)

    def turn_on(self, app: str) -> None:
        self.off.discard(app)
        # What another test had fail is not its.
        with suppress(AssertionError):
            resume(app)

    def mend(self) -> None:
        self.off.clear()


class ProcessMail(Mail):
    """Brings the messages itself, whenever somebody waits for what becomes of them."""

    environment: ProcessEnvironment

    def wait(self, condition: Callable[[], object], what: str) -> None:
        def is_true() -> object:
            # What fails is in the ledger, and tried again when it is due.
            with suppress(AssertionError), later(timedelta()):
                settle(but=[*self.environment.off])
            return condition()

        wait_until(is_true, WITHIN, what)

    def publish(self, *envelopes: Envelope) -> None:
        for envelope in envelopes:
            for app in {reaction.app for reaction in registry.reactions_to(envelope.type)}:
                self.put(app, envelope)

    def put(self, app: str, *envelopes: Envelope) -> None:
        for envelope in envelopes:
            handle(app, [Incoming(envelope)])

    def depth(self, app: str) -> int:
        return 0


@contextmanager
def running_in_process() -> Iterator[ProcessEnvironment]:
    """A database for the test apps, whose reactions run here."""
    with own_database(DATABASE) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        prepare_database({**os.environ})
        yield ProcessEnvironment()
