"""How the town ends, and begins again. The last tests of this folder: it is over afterwards."""

import psutil
from kombu import Connection

from devtools.chaos.rabbitmq import rabbitmq
from tests.system.rabbitmq import require_rabbitmq
from tests.system.rides.conftest import Town, running_town


def test_term_ends_every_process_that_was_started(town: Town):
    started = psutil.Process(town.process.pid).children(recursive=True)
    assert len(started) > 8
    town.process.terminate()
    assert town.process.wait(30) == 0
    _, left = psutil.wait_procs(started, timeout=5)
    assert left == []


def test_it_goes_on_with_rabbitmq_and_a_ride_there_goes_through_without_fraud(town: Town):
    require_rabbitmq()
    town.end()
    with (
        rabbitmq() as server,
        running_town(town.state, off="fraud", broker=server.url) as again,
    ):
        again.goes_on_without("fraud")
        with Connection(server.url) as connection:
            connection.default_channel.queue_declare("fraud", passive=True)
