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

#: What the newer code's order says beside: a field that the older code does not know.
NEWER_FIELD = "gift_note"
ORDER = "class OrderPlaced("
#: An event that the newer code has another version of, and whose reactions read it: their workers
#: run twice meanwhile, by old and new code. The older put off what only the newer can read.
NEWER_VERSION = "shop.ItemAdded"
UPGRADED = ("analytics", "shop")
ITEM = "class ItemAdded(Event):"
SECOND_VERSION = """\
    added_by: str = "shopper"


from eventbus import upcasts


@upcasts(ItemAdded, from_version=1)
def by_the_shopper(data):
    return {**data, "added_by": "shopper"}"""
#: Counts events of the newer version that somebody has yet to react to.
UNREAD = f"""
    select count(*) from eventbus_outboxevent e
    where type = '{NEWER_VERSION}' and version = 2 and (published_at is null or exists (
        select from eventbus_delivery d where d.event_id = e.id and state in ('waiting', 'failed')
    ))
"""
#: Seconds in which all of it is read, and between two looks.
READ_WITHIN, LOOK_EVERY = 300, 1.0
#: What a running shop needs none of.
LEFT_OUT = shutil.ignore_patterns(".*", "var", "tests", "docs", "__pycache__")
#: Seconds in which the newer shop answers.
UP_WITHIN = 60


@fault(takes_time=True)
def upgrade(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """second web and worker processes run newer code, with another field and a newer version"""
    (port,) = free_ports(1)
    with TemporaryDirectory(prefix="shop-newer-") as folder:
        tree = newer_tree(Path(folder) / "shop")
        newer = sut.system.env | {"PYTHONPATH": str(tree), "RELEASE": "newer"}
        workers = [extra_programs.worker(app, f"newer-{app}") for app in UPGRADED]
        with extra_programs.running(tree, newer, workers, "newer-workers") as programs:
            with extra_programs.running(tree, newer, [extra_programs.web(port)], "newer-web"):
                shop = f"http://127.0.0.1:{port}/"
                wait_until(lambda: answers(shop), UP_WITHIN, "the newer shop")
                sut.load.shops.append(shop)
                time.sleep(seconds)
                sut.load.shops.remove(shop)
            _wait_until_read(sut, programs)


def _wait_until_read(sut: "SystemUnderTest", programs: extra_programs.Programs) -> None:
    """Wait for the newer workers: no deploy ends with none of them while there is work for them."""
    give_up = time.monotonic() + READ_WITHIN
    while sut.rows(UNREAD)[0][0]:
        if time.monotonic() > give_up:
            raise TimeoutError(f"{NEWER_VERSION} 2: not read within {READ_WITHIN} s")
        programs.restart_dead()
        time.sleep(LOOK_EVERY)


def newer_tree(tree: Path) -> Path:
    """Copy this code to `tree`; give one event another field, and one a newer version."""
    shutil.copytree(PROJECT, tree, ignore=LEFT_OUT)
    orders, shop = tree / "orders" / "events.py", tree / "shop" / "events.py"
    _add(orders, ORDER, f"    {NEWER_FIELD}: str = 'With love'")
    _add(shop, ITEM, SECOND_VERSION)
    shop.write_text(shop.read_text().replace(ITEM, ITEM.replace("(Event)", "(Event, version=2)")))
    return tree


def _add(file: Path, event: str, text: str) -> None:
    """Add lines to the end of an event's class."""
    before, after = file.read_text().split(event)
    body, rest = after.split("\n\n\n", 1)
    file.write_text(f"{before}{event}{body}\n{text}\n\n\n{rest}")
