"""Every part of the benchmark runs, and gives each of its figures."""

import json
import subprocess
import sys

import pytest

from devtools.bench.parts import PARTS
from devtools.system import PROJECT
from tests.system.rabbitmq import require_rabbitmq

#: As short as a run can be.
SHORT = ["--orders", "2", "--lines", "1", "--rounds", "1", "--placed", "2", "--at-rest", "1"]


@pytest.mark.parametrize("name", PARTS)
def test_a_short_run_gives_every_figure_of_the_part(name):
    if name == "rabbitmq":
        require_rabbitmq()
    command = [sys.executable, "-m", "devtools.bench", "--json", "--only", name, *SHORT]
    done = subprocess.run(
        [*command, "--events", "50"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert set(figures) == {name, *PARTS[name].keys}
    assert figures[name]
    # What emitting costs is a difference, of very few transactions here.
    assert name == "emit" or all(figures[key] > 0 for key in PARTS[name].keys)
