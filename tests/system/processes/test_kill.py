"""Every process may be killed with -9, at any moment."""

from devtools.waiting import wait_until
from tests.system.processes.conftest import Replay, assert_audit_is_clean, count, first_invoices

DONE = "select count(*) from eventbus_delivery where state = 'done'"


def test_every_process_is_killed_once_during_a_replay(system, tmp_path):
    replay = Replay(system, first_invoices(tmp_path / "day.csv", 60))
    victims = sorted(system.pids(), key=lambda name: name in ("postgres", "valkey"))
    for name in victims:
        _progress(system)
        system.restart(name)
    result = replay.result()
    assert result["open"] == 0
    assert result["failed_reactions"] == 0
    assert_audit_is_clean(system)


def _progress(system) -> None:
    """Kill while there is work: wait until something has been done since."""
    before = count(system, DONE)
    settled = "select count(*) from eventbus_delivery where state in ('waiting', 'failed')"
    wait_until(
        lambda: count(system, DONE) > before or not count(system, settled), 60, "reactions go on"
    )
