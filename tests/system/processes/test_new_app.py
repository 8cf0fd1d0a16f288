"""An app joins in one new folder, without a changed line elsewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.system import PROJECT
from tests.system.processes.conftest import QUICK

#: The app of the README's section, which writes to a file instead of printing.
FILES = {
    "__init__.py": '"""Restocking: notes what sells, to learn what to order."""\n',
    "apps.py": """
from django.apps import AppConfig


class RestockingConfig(AppConfig):
    name = "restocking"
""",
    "celery.py": """
from eventbus.messaging.worker import worker_app

app = worker_app("restocking")
""",
    "reactions.py": """
from django.conf import settings

from inventory.events import InventoryUpdated
from orders.events import OrderPlaced
from eventbus import reacts_to


@reacts_to(OrderPlaced)
def note_demand(event: OrderPlaced) -> None:
    note(f"{event.number}: {len(event.lines)} lines")


@reacts_to(InventoryUpdated)
def note_supply(event: InventoryUpdated) -> None:
    note(f"{len(event.levels)} levels changed: {event.reason}")


def note(line: str) -> None:
    with (settings.STATE / "restocking.txt").open("a") as notes:
        notes.write(line + "\\n")
""",
}

#: Run in the copy, by the copy's own code.
PROGRAM = """
import sys
from pathlib import Path
from devtools.system import running_system

apps = (
    "billing,shipping,notifications,fraud,loyalty,analytics,catalogue,pricing,shop,orders,"
    "web,flower,demo"
)
with running_system(Path(sys.argv[1]), SHOP_RUN_WITHOUT=apps) as system:
    done = system.manage("shell", "-c", '''
import time
from decimal import Decimal
from orders.events import Address, Card, OrderLine
from orders.services import Draft, place_order
from inventory.services import receive_stock
from eventbus.delivery.models import Delivery

receive_stock({"TEA": 5}, reason="test")
place_order(Draft(
    lines=[OrderLine(line=1, sku="TEA", title="Tea", quantity=1, unit_price=Decimal(3))],
    ship_to=Address(name="A", line1="1", city="B", postcode="C", country="GB"),
    card=Card(token="t", fingerprint="f", last4="4242", country="GB"), currency="GBP",
))
give_up = time.monotonic() + 60
while Delivery.objects.filter(app="restocking", state="done").count() < 3:
    assert time.monotonic() < give_up, list(Delivery.objects.filter(app="restocking").values())
    time.sleep(0.1)
''')
    assert done.returncode == 0, done.stderr
    print(sorted(system.pids()))
    print((system.state / "restocking.txt").read_text())
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's tracked and new files, in another folder."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=PROJECT, capture_output=True, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (PROJECT / name).exists():
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"


def test_a_new_folder_is_all_it_takes(copy: Path, tmp_path: Path):
    for name, text in FILES.items():
        (copy / "restocking").mkdir(exist_ok=True)
        (copy / "restocking" / name).write_text(text.lstrip())
    environment = {**os.environ, **QUICK, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "state")],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "'restocking'" in done.stdout
    assert "1 lines" in done.stdout
    assert "1 levels changed" in done.stdout
