"""`make replay`: a day in a system of its own, audited, and nothing left behind."""

import json
import subprocess
import sys

import pytest

from devtools.system import PROJECT
from tests.unit.replay.conftest import COLUMNS, row


@pytest.mark.usefixtures("database_template")
def test_a_day_is_replayed_and_audited_in_a_system_of_its_own(tmp_path):
    day, out = tmp_path / "day.csv", tmp_path / "out.json"
    rows = row("1"), row("2", quantity=2), row("C3", quantity=-2, minute=1)
    day.write_text("\n".join([COLUMNS, *rows]) + "\n")
    command = [sys.executable, "-m", "devtools.replay_day", day, "--stock", "5", "--json-to", out]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(out.read_text())
    # Six of five are too many; of the two the customer has, both went back.
    ends = {"completed": 0, "cancelled": 1, "refunded": 1, "open": 0}
    assert {key: found["replay"][key] for key in ends} == ends
    assert found["audit"]["ok"] is True
    assert "starting a system of its own" in ended.stderr
