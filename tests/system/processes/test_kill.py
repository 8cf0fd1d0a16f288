"""Every process may be killed with -9, at any moment."""

from devtools.waiting import wait_until
from tests.system.processes.conftest import Replay, assert_audit_is_clean, count, first_invoices

DONE = "select count(*) from eventbus_delivery where state = 'done'"

SERVERS = ("postgres", "valkey")
#: In so many turns those beside the servers are killed, some at a time.
TURNS = 4


def test_every_process_is_killed_once_during_a_replay(system, tmp_path):
    replay = Replay(system, first_invoices(tmp_path / "day.csv", 40))
    others = sorted(system.pids().keys() - set(SERVERS))
    for victims in (*(others[turn::TURNS] for turn in range(TURNS)), *([each] for each in SERVERS)):
        _progress(system)
        system.restart(*victims)
    result = replay.result()
    assert result["open"] == 0
    assert result["failed_reactions"] == 0
    assert_audit_is_clean(system)


def _progress(system) -> None:
    """Kill while there is work: wait until something has been done since."""
    before = count(system, DONE)
    settled = "select count(*) from eventbus_delivery where state in ('waiting', 'failed')"
    wait_until(
        lambda: count(system, DONE) > before or not count(system, settled), 180, "reactions go on"
    )
