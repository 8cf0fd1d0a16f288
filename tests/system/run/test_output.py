"""What a process prints reaches the screen, whatever happens to its log file."""

from pathlib import Path

import pytest

from devtools.run.output import Log, tail


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "billing.log"
    path.write_text("yesterday\n")
    return path


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_a_log_is_read_from_where_it_stood(path: Path):
    log = Log(path, path.stat().st_size)
    append(path, "one\ntwo\n")
    assert list(log.new_lines()) == ["one", "two"]
    assert list(log.new_lines()) == []


def test_a_line_is_shown_once_it_is_complete(path: Path):
    log = Log(path, path.stat().st_size)
    append(path, "half")
    assert list(log.new_lines()) == []
    append(path, " and half\n")
    assert list(log.new_lines()) == ["half and half"]


def test_nothing_is_lost_when_the_log_is_moved_away(path: Path):
    log = Log(path, path.stat().st_size)
    append(path, "last of the old\n")
    path.rename(path.with_suffix(".log.1"))
    assert list(log.new_lines()) == ["last of the old"]
    append(path, "first of the new\n")
    assert list(log.new_lines()) == ["first of the new"]


def test_a_tail_is_the_end_of_a_log(path: Path):
    append(path, "".join(f"{number}\n" for number in range(100)))
    assert tail(path.parent, "billing").splitlines()[-1] == "99"
    assert "yesterday" not in tail(path.parent, "billing")
