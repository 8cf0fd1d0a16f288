"""A host whose clock is wrong."""

import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from devtools.chaos import extra_programs
from devtools.chaos.faults.fault import fault
from devtools.run.readiness import answers
from devtools.system import PROJECT, free_ports
from devtools.waiting import wait_until

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest

#: By how many seconds whose clock is wrong.
AHEAD = {"web": 180, "relay": -60, "billing": -90}
#: Python runs it before any program: what the operating system says of the time is changed.
CLOCK = """\
from datetime import timedelta
import time_machine
time_machine.travel(timedelta(seconds={ahead}), tick=True).start()
"""
#: Seconds in which the second shop answers.
UP_WITHIN = 60


@fault(targets=list(AHEAD), takes_time=True, at_least=15)
def skewed_clock(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """a second web process 180 s ahead, or a relay or a worker a minute and more behind"""
    if find_spec("time_machine") is None:
        raise ModuleNotFoundError("time-machine is missing: pip install -r requirements-dev.txt")
    (port,) = free_ports(1)
    commands = {"web": extra_programs.web(port), "relay": extra_programs.relay()}
    command = commands.get(target) or extra_programs.worker(target, f"skewed-{target}")
    with TemporaryDirectory(prefix="shop-clock-") as folder:
        Path(folder, "sitecustomize.py").write_text(CLOCK.format(ahead=AHEAD[target]))
        env = sut.system.env | {"PYTHONPATH": folder}
        with extra_programs.running(PROJECT, env, [command], "skewed"):
            if target == "web":
                _also_shop_at(sut, f"http://127.0.0.1:{port}/", seconds)
            else:
                time.sleep(seconds)


def _also_shop_at(sut: "SystemUnderTest", shop: str, seconds: float) -> None:
    wait_until(lambda: answers(shop), UP_WITHIN, "the shop with a clock of its own")
    sut.load.shops.append(shop)
    time.sleep(seconds)
    sut.load.shops.remove(shop)
