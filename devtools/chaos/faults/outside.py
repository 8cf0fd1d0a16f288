"""The world outside: the card processor and the mail server."""

import time
from typing import TYPE_CHECKING

from devtools.chaos.faults.fault import fault

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest


@fault(targets=["slow", "flaky", "lost-hold", "lost-capture"], takes_time=True)
def gateway(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """every payment meets a processor that is slow, fails twice, or whose answer to the hold
    or to the taking of the money is lost"""
    sut.load.card = target
    time.sleep(seconds)
    sut.load.card = ""


@fault(takes_time=True)
def mail_down(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the mail server refuses connections"""
    sut.mail.stop()
    time.sleep(seconds)
    sut.mail.start()
