"""The world outside: the card processor and the mail server."""

import time
from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault

if TYPE_CHECKING:
    from devtools.chaos.world import World


@fault(targets=["slow", "flaky", "lost-hold", "lost-capture"], takes_time=True)
def gateway(world: "World", target: str, seconds: float) -> None:
    """every payment meets a processor that is slow, fails twice, or whose answer to the hold
    or to the taking of the money is lost"""
    world.load.card = target
    time.sleep(seconds)
    world.load.card = ""


@fault(takes_time=True)
def mail_down(world: "World", target: str, seconds: float) -> None:
    """the mail server refuses connections"""
    world.mail.stop()
    time.sleep(seconds)
    world.mail.start()
