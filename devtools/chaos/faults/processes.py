"""Programs killed, frozen, left out."""

import time
from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault
from shop.settings import REACTING_APPS

if TYPE_CHECKING:
    from devtools.chaos.world import World


@fault(targets=["web", "relay"])
def kill(world: "World", target: str, seconds: float) -> None:
    """kill -9 of the web process or the relay"""
    world.process(target).kill()


@fault(targets=REACTING_APPS)
def kill_worker(world: "World", target: str, seconds: float) -> None:
    """kill -9 of an app's worker; its children end with it"""
    if target not in world.off:
        world.process(target).kill()


@fault(targets=REACTING_APPS)
def kill_child(world: "World", target: str, seconds: float) -> None:
    """kill -9 of the child of an app's worker that runs its reactions"""
    if target not in world.off:
        for child in world.process(target).children():
            child.kill()


@fault(targets=REACTING_APPS, takes_time=True)
def freeze_worker(world: "World", target: str, seconds: float) -> None:
    """an app's worker stands still (SIGSTOP), then goes on as if nothing had been"""
    if target not in world.off:
        with world.frozen(world.process(target)):
            time.sleep(seconds)


@fault(targets=REACTING_APPS, lasts=True)
def app_off(world: "World", target: str, seconds: float) -> None:
    """one app off for the whole run, started at the end"""
    world.off.add(target)
    world.system.stop_program(target)
