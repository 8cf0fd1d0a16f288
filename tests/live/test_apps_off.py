"""An app may be off: checkout does not notice, and everything is caught up."""

import pytest

from shop.settings import REACTING_APPS
from tests.live.conftest import Replay, assert_audit_is_clean, count, wait_for

ORDERS = "select count(*) from orders_order"
ITS_OWN = "select count(*) from bus_delivery where app = '{app}' and state = 'waiting'"


@pytest.mark.parametrize("app", REACTING_APPS)
def test_checkout_goes_on_while_an_app_is_off_and_it_catches_up(system, morning, app):
    before = count(system, ORDERS)
    system.stop_program(app)
    try:
        replay = Replay(system, morning)
        wait_for(system, ORDERS, before + 15, "all orders placed")
        wait_for(system, ITS_OWN.format(app=app), 1, "something waits for the app")
    finally:
        system.start_program(app)
    result = replay.result()
    assert (result["open"], result["failed_reactions"]) == (0, 0)
    assert_audit_is_clean(system)
