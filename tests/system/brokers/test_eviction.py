"""A Redis or Valkey that may throw away what it was given carries nothing of ours."""

import pytest

from eventbus.exceptions import BrokerMisconfigured
from eventbus.messaging import broker, topology

pytestmark = pytest.mark.parametrize("environment", ["valkey"], indirect=True)
MESSAGE = "the broker may evict queues: its maxmemory-policy is allkeys-lru and must be noeviction"


@pytest.fixture
def evicting(environment):
    with broker.connect() as connection:
        client = connection.default_channel.client
        client.config_set("maxmemory-policy", "allkeys-lru")
        yield
        client.config_set("maxmemory-policy", "noeviction")


def test_topology_is_not_declared_on_it(evicting):
    with pytest.raises(BrokerMisconfigured, match=MESSAGE):
        topology.declare(["app_b"])


@pytest.mark.parametrize("program", ["relay", "app_b"])
def test_a_program_refuses_to_start_and_says_why(environment, evicting, program):
    if environment.is_running(program):
        environment.stop(program)
    before = len(environment.log(program))
    environment.launch(program)
    assert environment.wait_for_end(program) == 1
    said = environment.log(program)[before:]
    assert said.count(MESSAGE) == 1
    assert "Traceback" not in said
