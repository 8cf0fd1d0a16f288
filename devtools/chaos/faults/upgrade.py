"""A rolling upgrade: newer code beside the older, on the same servers."""

import shutil
import time
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

#: What the newer code's event says beside: a field that the older code does not know.
NEWER_FIELD = "gift_note"
EVENT = "class OrderPlaced("
#: Whose workers run twice meanwhile, by old and new code.
UPGRADED = ("billing", "notifications")
#: What a running shop needs none of.
LEFT_OUT = shutil.ignore_patterns(".*", "var", "tests", "docs", "__pycache__")
#: Seconds in which the newer shop answers.
UP_WITHIN = 60
#: Seconds that the new programs have to end in good order.
END_WITHIN = 15


@fault(takes_time=True)
def upgrade(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """a second web process and second workers run newer code, whose orders say more"""
    (port,) = free_ports(1)
    with TemporaryDirectory(prefix="shop-newer-") as folder:
        tree = newer_tree(Path(folder) / "shop")
        newer = sut.system.env | {"PYTHONPATH": str(tree), "RELEASE": "newer"}
        workers = [extra_programs.worker(app, f"newer-{app}") for app in UPGRADED]
        with extra_programs.running(tree, newer, [extra_programs.web(port), *workers], "newer"):
            shop = f"http://127.0.0.1:{port}/"
            wait_until(lambda: answers(shop), UP_WITHIN, "the newer shop")
            sut.load.shops.append(shop)
            time.sleep(seconds)
            sut.load.shops.remove(shop)


def newer_tree(tree: Path) -> Path:
    """Copy this code to `tree`, and give its order event another field."""
    shutil.copytree(PROJECT, tree, ignore=LEFT_OUT)
    events = tree / "orders" / "events.py"
    text = events.read_text()
    end = text.index("\n\n\n", text.index(EVENT))
    events.write_text(f"{text[:end]}\n    {NEWER_FIELD}: str = 'With love'{text[end:]}")
    return tree
