"""What a worker tells Flower must not keep it from its work."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from billing.celery import app as worker
from eventbus.messaging import broker

pytestmark = pytest.mark.parametrize("environment", ["rabbitmq"], indirect=True)


def test_a_sign_of_life_does_not_hold_a_worker_whose_channel_is_gone(environment):
    with broker.connect() as connection:
        signs = worker.events.Dispatcher(connection, hostname="billing@environment")
        signs.send("worker-online", retry=True)
        connection.connection.transport.sock.shutdown(socket.SHUT_WR)
        # As seen after a broker was frozen and killed in turn: kombu has given up this connection
        # without closing it, and the dispatcher still has a channel of it.
        connection._connection = connection._default_channel = None
        connection.declared_entities.clear()
        with within(20):
            signs.send("worker-heartbeat", retry=True)
            signs.send("worker-heartbeat", retry=True)
            signs.flush()
        assert not signs._outbound_buffer


@contextmanager
def within(seconds: int) -> Iterator[None]:
    def too_late(*_: object) -> None:
        pytest.fail(f"still not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
