"""A Redis or Valkey that may throw away what it was given carries nothing of ours."""

import pytest

from eventbus.exceptions import BrokerMisconfigured
from eventbus.messaging import broker, topology

pytestmark = pytest.mark.parametrize("rig", ["valkey"], indirect=True)
MESSAGE = "the broker may evict queues: its maxmemory-policy is allkeys-lru and must be noeviction"


@pytest.fixture
def evicting(rig):
    with broker.connect() as connection:
        client = connection.default_channel.client
        client.config_set("maxmemory-policy", "allkeys-lru")
        yield
        client.config_set("maxmemory-policy", "noeviction")


def test_topology_is_not_declared_on_it(evicting):
    with pytest.raises(BrokerMisconfigured, match=MESSAGE):
        topology.declare(["ravens"])


@pytest.mark.parametrize("program", ["relay", "ravens"])
def test_a_program_refuses_to_start_and_says_why(rig, evicting, program):
    if rig.is_running(program):
        rig.stop(program)
    before = len(rig.log(program))
    rig.launch(program)
    assert rig.wait_for_end(program) == 1
    said = rig.log(program)[before:]
    assert said.count(MESSAGE) == 1
    assert "Traceback" not in said
