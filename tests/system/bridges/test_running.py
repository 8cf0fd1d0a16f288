"""A bridge in a whole system: `BRIDGES` and where it leads are all it takes."""

import pytest

from devtools.system import running_system, temporary_state
from shop.environment import REACTING_APPS
from tests.system.bridges.kafka import Kafka
from tests.system.short_times import SHORT_TIMES

NOT_NEEDED = ",".join(["web", "flower", "demo", "inbound", *REACTING_APPS])
RECEIVE = "from inventory.services import receive_stock as r; r({'TEA': 5}, reason='test')"


@pytest.mark.usefixtures("database_template")
def test_a_bridge_that_is_on_has_a_worker_beside_the_apps_and_is_seen_as_they_are(kafka: Kafka):
    on = {"BRIDGES": "kafka", "KAFKA_SERVERS": kafka.servers, "SHOP_RUN_EXCLUDE": NOT_NEEDED}
    with temporary_state() as state, running_system(state, **SHORT_TIMES, **on) as system:
        assert set(system.pids()) == {"postgres", "valkey", "relay", "kafka"}
        done = system.manage("shell", "-c", RECEIVE)
        assert done.returncode == 0, done.stderr
        kafka.read_types("shop.inventory", "inventory.InventoryUpdated")
        assert "kafka" in system.manage("lag").stdout
        assert "kafka@" in system.manage("workers").stdout
