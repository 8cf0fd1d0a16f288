"""A rolling upgrade: newer code beside the older, on the same servers."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil

from shop.chaos.faults.fault import fault
from shop.run.family import end_with_parent
from shop.run.readiness import answers
from shop.system import PROJECT, free_ports
from shop.waiting import wait_until

if TYPE_CHECKING:
    from shop.chaos.world import World

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
def upgrade(world: "World", target: str, seconds: float) -> None:
    """a second web process and second workers run newer code, whose orders say more"""
    (port,) = free_ports(1)
    with TemporaryDirectory(prefix="shop-newer-") as folder:
        tree = newer_tree(Path(folder) / "shop")
        with _running(tree, world.system.env, _programs(port)):
            shop = f"http://127.0.0.1:{port}/"
            wait_until(lambda: answers(shop), UP_WITHIN, "the newer shop")
            world.load.shops.append(shop)
            time.sleep(seconds)
            world.load.shops.remove(shop)


def newer_tree(tree: Path) -> Path:
    """A copy of this code whose order event has another field."""
    shutil.copytree(PROJECT, tree, ignore=LEFT_OUT)
    events = tree / "orders" / "events.py"
    text = events.read_text()
    end = text.index("\n\n\n", text.index(EVENT))
    events.write_text(f"{text[:end]}\n    {NEWER_FIELD}: str = 'With love'{text[end:]}")
    return tree


def _programs(port: int) -> list[list[str]]:
    web = ["uvicorn", "shop.asgi:application", "--port", str(port), "--lifespan", "off"]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    workers = [
        ["celery", "-q", "-A", app, "worker", "-n", f"newer-{app}@%h", "--concurrency", "1", *quiet]
        for app in UPGRADED
    ]
    return [[*web, "--no-access-log"], *workers]


@contextmanager
def _running(tree: Path, env: dict[str, str], programs: list[list[str]]) -> Iterator[None]:
    newer = env | {"PYTHONPATH": str(tree), "RELEASE": "newer"}
    log = Path(env["SHOP_STATE"]) / "log" / "newer.log"
    with log.open("ab") as output:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", *program],
                cwd=tree,
                env=os.environ | newer,
                stdout=output,
                stderr=output,
                preexec_fn=end_with_parent,
            )
            for program in programs
        ]
    try:
        yield
    finally:
        _end([psutil.Process(process.pid) for process in processes])


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        process.terminate()
    _, stubborn = psutil.wait_procs(processes, END_WITHIN)
    for process in stubborn:
        process.kill()
