"""What takes in foreign events runs where an event is foreign, and nowhere else."""

import pytest

from devtools.docs.workers import compose_workers
from devtools.run.supervisor import write_workers
from eventbus import registry
from shop.settings import BASE_DIR


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Write down what make run starts where these events are foreign."""

    def write(foreign):
        monkeypatch.setattr(registry, "_foreign", foreign)
        write_workers(tmp_path, {}, 1, "INFO")
        return (tmp_path / "apps.conf").read_text()

    return write


class _Counted:
    type = "demand.Counted"


def test_where_no_event_is_foreign_it_is_in_no_file(programs):
    assert "inbound" not in programs({})
    assert "inbound" not in compose_workers()


def test_where_one_is_it_runs_beside_the_relay(programs):
    written = programs({"counted": _Counted})
    assert "command = nice -n 10 python manage.py inbound" in written
    assert "programs = web,relay,flower,tour,inbound" in written
    assert "command: python manage.py inbound" in compose_workers()


def test_the_shop_itself_has_none():
    assert "manage.py inbound" not in (BASE_DIR / "compose.yaml").read_text()
