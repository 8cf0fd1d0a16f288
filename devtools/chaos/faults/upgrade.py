"""A rolling upgrade: newer code beside the older, on the same servers."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
#: An event that only the newer code knows, emitted by its web processes beside each `ItemAdded`.
NEWER_TYPE = "shop.GiftWrapped"
GIFT_WRAPPED = """


class GiftWrapped(Event):
    \"\"\"Units in a cart are to be wrapped as a gift.\"\"\"

    cart_id: UUID"""
ADDS = "@emits(events.ItemAdded)"
WRAPS_TOO = "@emits(events.ItemAdded, events.GiftWrapped)"
ADDED = "        emit(events.ItemAdded(cart_id=cart.id, sku=sku, quantity=quantity))\n"
WRAPPED = "        emit(events.GiftWrapped(cart_id=cart.id))\n"
#: Reactions that only the newer code has: to what the older knows, and to what it does not.
NEWER_REACTION = "offer_wrapping"
NEWER_REACTIONS = f"""

from shop.events import GiftWrapped


@reacts_to(ItemAdded)
def {NEWER_REACTION}(event: ItemAdded) -> None:
    \"\"\"Do nothing: that it was done is in the ledger.\"\"\"


@reacts_to(GiftWrapped)
def wrap(event: GiftWrapped) -> None:
    \"\"\"Do nothing, likewise.\"\"\"
"""
#: What only the newer code can read.
NEWER = f"(e.type = '{NEWER_TYPE}' or e.type = '{NEWER_VERSION}' and e.version = 2)"
WRITTEN = f"select exists (select from eventbus_outboxevent e where {NEWER})"
UNPUBLISHED = f"""
    select count(*) from eventbus_outboxevent e where {NEWER} and published_at is null
"""
#: Counts what somebody has yet to react to with newer code.
UNREAD = f"""
    select count(*) from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
    where d.state in ('waiting', 'failed') and ({NEWER} or d.reaction = '{NEWER_REACTION}')
"""
#: Seconds in which there is none of it any more, and between two looks.
READ_WITHIN, LOOK_EVERY = 300, 1.0
#: What a running shop needs none of.
LEFT_OUT = shutil.ignore_patterns(".*", "var", "tests", "docs", "__pycache__")
#: Seconds in which the newer shop answers.
UP_WITHIN = 60


@fault(takes_time=True, at_least=15)
def upgrade(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """second processes run newer code: another field and version, a new event and reaction"""
    (port,) = free_ports(1)
    with TemporaryDirectory(prefix="shop-newer-") as folder:
        tree = newer_tree(Path(folder) / "shop")
        newer = sut.system.env | {"PYTHONPATH": str(tree), "RELEASE": "newer"}
        running = partial(extra_programs.running, tree, newer)
        apps = [extra_programs.worker(app, f"newer-{app}") for app in UPGRADED]
        # What brings new work ends first.
        with running(apps, "newer-workers") as workers:
            with running([extra_programs.relay()], "newer-relay") as relays:
                with running([extra_programs.web(port)], "newer-web"):
                    shop = f"http://127.0.0.1:{port}/"
                    wait_until(lambda: answers(shop), UP_WITHIN, "the newer shop")
                    sut.load.shops.append(shop)
                    try:
                        time.sleep(seconds)
                        # A fault that nobody meets shows nothing.
                        wait_until(lambda: sut.rows(WRITTEN)[0][0], UP_WITHIN, "newer events")
                    finally:
                        sut.load.shops.remove(shop)
                _wait_for_none(sut, UNPUBLISHED, relays)
            with _older_workers_away(sut):
                _wait_for_none(sut, UNREAD, workers)


@contextmanager
def _older_workers_away(sut: "SystemUnderTest") -> Iterator[None]:
    """End a rollout: what the older worker takes waits as long again, each time that it does."""
    older = [app for app in UPGRADED if app not in sut.off]
    sut.system.stop_program(*older)
    try:
        yield
    finally:
        sut.system.start_program(*older)


def _wait_for_none(sut: "SystemUnderTest", work: str, programs: extra_programs.Programs) -> None:
    """Wait for newer programs: no deploy ends with none of them while there is work for them."""
    give_up = time.monotonic() + READ_WITHIN
    while sut.rows(work)[0][0]:
        if time.monotonic() > give_up:
            raise TimeoutError(f"work for newer code is left after {READ_WITHIN} s")
        programs.restart_dead()
        time.sleep(LOOK_EVERY)


def newer_tree(tree: Path) -> Path:
    """Copy this code to `tree`, and add what only newer code knows."""
    shutil.copytree(PROJECT, tree, ignore=LEFT_OUT)
    shop = tree / "shop"
    _add(tree / "orders" / "events.py", ORDER, f"    {NEWER_FIELD}: str = 'With love'")
    _add(shop / "events.py", ITEM, SECOND_VERSION + GIFT_WRAPPED)
    _replace(shop / "events.py", ITEM, ITEM.replace("(Event)", "(Event, version=2)"))
    _replace(shop / "storefront" / "cart.py", ADDS, WRAPS_TOO)
    _replace(shop / "storefront" / "cart.py", ADDED, ADDED + WRAPPED)
    with (shop / "reactions.py").open("a") as reactions:
        reactions.write(NEWER_REACTIONS)
    return tree


def _replace(file: Path, old: str, new: str) -> None:
    before, after = file.read_text().split(old)
    file.write_text(f"{before}{new}{after}")


def _add(file: Path, event: str, text: str) -> None:
    """Add lines to the end of an event's class."""
    before, after = file.read_text().split(event)
    body, rest = after.split("\n\n\n", 1)
    file.write_text(f"{before}{event}{body}\n{text}\n\n\n{rest}")
