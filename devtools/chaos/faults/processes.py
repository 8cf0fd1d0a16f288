"""Programs killed, frozen, left out."""

import time
from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault
from shop.settings import REACTING_APPS

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest


@fault(targets=["web", "relay"])
def kill(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """kill -9 of the web process or the relay"""
    sut.process(target).kill()


@fault(targets=REACTING_APPS, needs_running=True)
def kill_worker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """kill -9 of an app's worker; its children end with it"""
    sut.process(target).kill()


@fault(targets=REACTING_APPS, needs_running=True)
def kill_child(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """kill -9 of the child of an app's worker that runs its reactions"""
    for child in sut.process(target).children():
        child.kill()


@fault(targets=REACTING_APPS, takes_time=True, needs_running=True)
def freeze_worker(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """an app's worker stands still (SIGSTOP), then goes on as if nothing had been"""
    with sut.frozen(sut.process(target)):
        time.sleep(seconds)


@fault(targets=REACTING_APPS, lasts=True)
def app_off(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """one app off for the whole run, started at the end"""
    sut.off.add(target)
    sut.system.stop_program(target)
