"""Who ends a long command early sees no traceback, and nothing is left behind."""

import signal
import subprocess
import sys

import pytest

COMMAND = """
import signal
from devtools.interruption import end_in_order
end_in_order()
try:
    signal.raise_signal({number})
finally:
    print("taken down")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_ended_takes_down_what_it_put_up(number):
    command = [sys.executable, "-c", COMMAND.format(number=int(number))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "taken down\n", "")
