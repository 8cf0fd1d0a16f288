"""A pause outlives the worker it holds, and loses nothing."""

from devtools.waiting import wait_until
from tests.system.processes.conftest import Replay, assert_audit_is_clean, count, wait_for

PARCELS = "select count(*) from shipping_parcel"
BILLED = "select count(*) from eventbus_outboxevent where type = 'billing.OrderBilled'"
WAITING = "select count(*) from eventbus_delivery where app = 'shipping' and state = 'waiting'"
QUEUED_ELSEWHERE = """
    select count(*) from eventbus_delivery where app <> 'shipping' and state in ('waiting',
        'failed')
"""
ATTEMPTS = """
    select coalesce(max(attempts), 0) from eventbus_delivery where app = 'shipping'
        and state = 'waiting'
"""


def test_shipping_stays_paused_when_its_worker_is_killed_and_catches_up_when_resumed(
    system, first_hour
):
    parcels, billed = count(system, PARCELS), count(system, BILLED)
    paused = system.manage("pause", "shipping", "--reason", "the carrier is on strike")
    assert paused.returncode == 0, paused.stderr
    try:
        replay = Replay(system, first_hour)
        wait_for(system, BILLED, billed + 3, "orders are billed", 240)
        system.restart("shipping")
        # So long that the relay has sent again whatever it would send again.
        wait_for(system, BILLED, billed + 6, "most orders are billed", 240)
        wait_until(lambda: not count(system, QUEUED_ELSEWHERE), 180, "the others have reacted")
        system.restart("shipping")
        assert count(system, WAITING) > 5
        assert count(system, ATTEMPTS) == 0
        assert count(system, PARCELS) == parcels
    finally:
        resumed = system.manage("resume", "shipping")
    assert resumed.returncode == 0, resumed.stderr
    result = replay.result()
    assert (result["open"], result["failed_reactions"]) == (0, 0)
    assert count(system, PARCELS) > parcels
    assert_audit_is_clean(system)
