"""`make replay`: a day in a system of its own, audited, and nothing left behind."""

import json
import subprocess
import sys

from devtools.system import PROJECT
from tests.unit.replay.conftest import DAY, row


def replay_day(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "devtools.replay_day", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)


def test_what_cannot_work_is_said_before_a_system_is_started(file):
    bad_row = file(row(quantity="x"))
    for arguments, said in (
        (["/missing.csv"], "/missing.csv: No such file or directory"),
        ([bad_row], f"{bad_row}: line 2, Quantity: is not a whole number such as 6: 'x'"),
        ([DAY, "--stock=-1"], "--stock -1: Input should be greater than or equal to 0"),
        ([DAY, "--json-to", "/nowhere/out.json"], "/nowhere/out.json: no such folder"),
    ):
        ended = replay_day(*arguments)
        assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"{said}\n")


def test_a_day_is_replayed_and_audited_in_a_system_of_its_own(file, tmp_path):
    out = tmp_path / "out.json"
    rows = row("1"), row("2", quantity=2), row("C3", quantity=-2, minute=1)
    ended = replay_day(file(*rows), "--stock", 5, "--json-to", out)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(out.read_text())
    # Six of five are too many; of the two the customer has, both went back.
    ends = {"completed": 0, "cancelled": 1, "refunded": 1, "open": 0}
    assert {key: found["replay"][key] for key in ends} == ends
    assert found["audit"]["ok"] is True
    assert "starting a system of its own" in ended.stderr
