"""Log lines go in time, however little a program logs."""

import os
import time
from types import SimpleNamespace

import pytest

from devtools.run.log_rotation import DAY, LogRotation


@pytest.fixture
def rotation(tmp_path):
    """With a supervisor that runs one program, `billing`, of which 10 days are kept."""

    def clear_log(name):
        (tmp_path / f"{name}.log").write_text("")

    supervisor = SimpleNamespace(programs=lambda: {"billing": None}, clear_log=clear_log)
    return LogRotation(tmp_path, supervisor, 10)


def test_a_line_stays_ten_days_and_is_gone_after_twenty(rotation, tmp_path):
    now = time.time()
    log = tmp_path / "billing.log"
    log.write_text("Ada\n")
    rotation.look(now)
    rotation.look(now + 9 * DAY)
    assert log.read_text() == "Ada\n"
    rotation.look(now + 11 * DAY)
    assert [path.read_text() for path in tmp_path.glob("billing.log*")].count("Ada\n") == 1
    assert log.read_text() == ""
    rotation.look(now + 22 * DAY)
    assert "Ada" not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_a_log_that_was_full_is_deleted_at_that_age(rotation, tmp_path):
    full, fresh = tmp_path / "billing.log.1", tmp_path / "billing.log.2"
    for file in (full, fresh):
        file.write_text("Ada\n")
    os.utime(full, (0, time.time() - 11 * DAY))
    rotation.look(time.time())
    assert not full.exists()
    assert fresh.exists()
