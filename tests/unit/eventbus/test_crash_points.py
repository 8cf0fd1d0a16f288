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
#: Has three processes get to the step one after the other, the first with nothing to look for.
PROGRAM = """
import os
from django.conf import settings
from eventbus.delivery.crash_points import crash_point
for folder in ("", settings.EVENTBUS_CRASH_AT, settings.EVENTBUS_CRASH_AT):
    if not (pid := os.fork()):
        settings.EVENTBUS_CRASH_AT = folder
        crash_point("relay.claimed")
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> list[int]:
    """How the three processes ended."""
    folder = tmp_path_factory.mktemp("orders")
    (folder / "relay.claimed").touch()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "EVENTBUS_CRASH_AT": str(folder),
    }
    command = [sys.executable, "-c", PROGRAM]
    program = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [int(line) for line in program.stdout.splitlines()]


def test_nobody_dies_where_no_folder_is_named(ended):
    assert ended[0] == 0


def test_the_first_that_gets_there_dies_and_the_next_goes_on(ended):
    assert ended[1:] == [-signal.SIGKILL, 0]


def test_every_step_is_in_the_code_once_in_a_module_and_no_other_is():
    found = set()
    for path in CODE.rglob("*.py"):
        steps = re.findall(r'crash_point\("(.*)"\)', path.read_text())
        assert len(steps) == len(set(steps)), path
        found |= set(steps)
    assert found == set(STEPS)
