"""A process can be told to die at a step, once."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eventbus.delivery.crash_points import STEPS

CODE = Path(__file__).parents[3] / "eventbus"
PROGRAM = """
import django
django.setup()
from eventbus.delivery.crash_points import crash_point
crash_point("relay.claimed")
print("went on")
"""


@pytest.fixture
def orders(tmp_path):
    (tmp_path / "relay.claimed").touch()
    return tmp_path


def run(folder: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "EVENTBUS_CRASH_AT": folder,
    }
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_first_that_gets_there_dies_and_the_next_goes_on(orders):
    assert run(str(orders)).returncode == -signal.SIGKILL
    assert run(str(orders)).stdout == "went on\n"


def test_nobody_dies_where_no_folder_is_named(orders):
    assert run("").stdout == "went on\n"


def test_every_step_is_in_the_code_once_in_a_module_and_no_other_is():
    found = set()
    for path in CODE.rglob("*.py"):
        steps = re.findall(r'crash_point\("(.*)"\)', path.read_text())
        assert len(steps) == len(set(steps)), path
        found |= set(steps)
    assert found == set(STEPS)
