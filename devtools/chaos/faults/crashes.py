"""A process dies at a certain step."""

from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault
from eventbus.delivery.crash_points import STEPS

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest


@fault(targets=STEPS)
def crash(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the first process that gets to this step kills itself with -9"""
    (sut.crashes / target).touch()
