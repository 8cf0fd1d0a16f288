"""A process dies at a certain step."""

from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault
from eventbus.delivery.crash_points import STEPS

if TYPE_CHECKING:
    from devtools.chaos.world import World


@fault(targets=STEPS)
def crash(world: "World", target: str, seconds: float) -> None:
    """the first process that gets to this step kills itself with -9"""
    (world.crashes / target).touch()
