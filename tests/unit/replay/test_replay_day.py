"""`make replay` refuses what cannot work; a whole day is in tests/system/replay."""

import sys

import pytest

from devtools import replay_day
from tests.unit.replay.conftest import DAY, row


def test_what_cannot_work_is_said_before_a_system_is_started(file, monkeypatch):
    bad_row = file(row(quantity="x"))
    for arguments, said in (
        (["/missing.csv"], "/missing.csv: No such file or directory"),
        ([bad_row], f"{bad_row}: line 2, Quantity: is not a whole number such as 6: 'x'"),
        ([DAY, "--stock=-1"], "--stock -1: Input should be greater than or equal to 0"),
        ([DAY, "--json-to", "/nowhere/out.json"], "/nowhere/out.json: no such folder"),
    ):
        monkeypatch.setattr(sys, "argv", ["replay_day", *map(str, arguments)])
        with pytest.raises(SystemExit) as refusal:
            replay_day.main()
        assert refusal.value.code == said
