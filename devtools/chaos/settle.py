"""After the storm: everything is put up again, and what is still open is worked off."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from devtools.chaos.world import World
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS

#: Seconds after the storm in which every program is ready.
UP_WITHIN = 120
#: Seconds without any progress after which what is left is taken for lost: what was sent again
#: several times in vain waits the longer for the next time.
PATIENCE = 330.0
#: Seconds between two looks.
LOOK_EVERY = 1.0

OPEN = """
    select (select count(*) from orders_order where ended_at is null),
        (select count(*) from eventbus_outboxevent
            where published_at is null and publish_after < now()),
        (select count(*) from eventbus_delivery where state in ('waiting', 'failed'))
"""
_DONE = "select count(*) from eventbus_delivery where state = 'done'"


def heal(world: World) -> None:
    """Put everything up. Who comes to a crash point that is still armed crashes all the same."""
    world.proxy.heal()
    world.mail.start()
    world.broker.start()
    with ThreadPoolExecutor() as pool:
        list(pool.map(world.system.start_program, sorted(world.off)))
    expected = {"web", "relay", "postgres", *REACTING_APPS}
    wait_until(lambda: expected <= set(world.system.pids()), UP_WITHIN, "every program is up")


def settle(world: World, tell: Callable[[str], None]) -> bool:
    """Wait until nothing is open; False when there was no progress for too long."""
    last, progress = time.monotonic(), None
    while True:
        (left,), ((done,),) = world.rows(OPEN), world.rows(_DONE)
        if not any(left):
            return True
        if (left, done) != progress:
            progress, last = (left, done), time.monotonic()
        if time.monotonic() - last > PATIENCE:
            return False
        tell("open: {} orders, {} events, {} reactions".format(*left))
        time.sleep(LOOK_EVERY)
