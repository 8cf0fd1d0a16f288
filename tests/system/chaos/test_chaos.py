"""A real system in a short storm: nothing lost, nothing twice, every order ends."""

import json
import os
import subprocess
import sys

import pytest

from devtools.system import PROJECT
from tests.system.rabbitmq import require_rabbitmq

#: A choice of faults that a short run has the time for; `make chaos` has all of them.
FAULTS = {
    "valkey": "kill-worker,kill,crash,wipe-broker,kill-database,duplicate,gateway,poison",
    "rabbitmq": "kill-worker,crash,kill-broker,cut-broker,duplicate",
}
ORDERS = {"valkey": 60, "rabbitmq": 30}


@pytest.mark.usefixtures("database_template")
@pytest.mark.parametrize("broker", FAULTS)
def test_a_storm_leaves_a_clean_audit(tmp_path, broker):
    if broker == "rabbitmq":
        require_rabbitmq()
    command = [sys.executable, "-m", "devtools.chaos", "--json", "--seed", "5", "--broker", broker]
    asked = ["--orders", str(ORDERS[broker]), "--minutes", "0.5", "--only", FAULTS[broker]]
    environment = os.environ | {"SHOP_STATE": str(tmp_path)}
    done = subprocess.run(
        [*command, *asked], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["ok"]
    assert result["placed"] + len(result["refused"]) == ORDERS[broker]
    assert [fault["trouble"] for fault in result["faults"]] == [""] * len(result["faults"])
    assert (tmp_path / "chaos" / f"report-{broker}-5.html").exists()
