"""Apps may be off: checkout does not notice, and everything is caught up."""

import pytest

from eventbus import registry
from inventory.events import InventoryUpdated
from orders.events import OrderPlaced
from shop.settings import REACTING_APPS
from tests.system.processes.conftest import Replay, assert_audit_is_clean, count, wait_for

ORDERS = "select count(*) from orders_order"
WAITED_FOR = (
    "select count(distinct app) from eventbus_delivery where app in {off} and state = 'waiting'"
)
#: Apps that hear of what a shopper and a delivery do, whichever others are off.
TOLD = {
    reaction.app
    for event in (OrderPlaced, InventoryUpdated)
    for reaction in registry.reactions_to(event.type)
}


@pytest.mark.parametrize("off", [REACTING_APPS[::2], REACTING_APPS[1::2]], ids=",".join)
def test_checkout_goes_on_while_half_of_the_apps_are_off_and_they_catch_up(system, first_hour, off):
    before = count(system, ORDERS)
    system.stop_program(*off)
    try:
        replay = Replay(system, first_hour)
        wait_for(system, ORDERS, before + 8, "all orders placed")
        waits = WAITED_FOR.format(off=tuple(off))
        wait_for(system, waits, len(TOLD & set(off)), "something waits for each")
    finally:
        system.start_program(*off)
    result = replay.result()
    assert (result["open"], result["failed_reactions"]) == (0, 0)
    assert_audit_is_clean(system)
