"""The reactions of all apps to an order and its return keep to what the bus asks of any."""

from eventbus import registry
from shop.settings import REACTING_APPS
from tests.scenarios import every_reaction
from tests.scenarios.contract_checking import checked

#: Apps that have nothing to do while all goes well.
IDLE = {"pricing", "demo"}


def test_every_reaction_to_an_order_and_its_return_keeps_to_the_contract():
    with checked() as checking:
        every_reaction.returned(1)
    assert {app for app, _ in checking.tried} >= {*REACTING_APPS} - IDLE
    assert {app for app, _ in checking.tried} <= {*registry.apps_with_reactions()}
