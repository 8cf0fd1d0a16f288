"""What an operator does by mistake."""

import importlib
import time
from typing import TYPE_CHECKING, Any

from devtools.chaos.faults.fault import fault
from eventbus.messaging import broker

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest

#: Seconds in which a worker says what it does.
ANSWERS_WITHIN = 1.0


@fault(targets=["orders", "billing", "shipping"], takes_time=True, at_least=6, needs_running=True)
def revoke(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """an operator ends whatever an app's worker does and holds, as from Flower"""
    control = importlib.import_module(f"{target}.celery").app.control
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if ids := _under_way(control, target):
                control.revoke(ids, terminate=True)
        except broker.errors():
            # Another fault has it down.
            time.sleep(ANSWERS_WITHIN)


def _under_way(control: Any, app: str) -> list[str]:
    """Return the ids of an app's tasks: all workers answer, each by its name."""
    asked = control.inspect(timeout=ANSWERS_WITHIN)
    replies = [*(asked.active() or {}).items(), *(asked.reserved() or {}).items()]
    return [task["id"] for name, tasks in replies if name.startswith(f"{app}@") for task in tasks]
