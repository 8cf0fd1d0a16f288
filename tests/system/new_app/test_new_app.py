"""An app joins in one new folder, without a changed line elsewhere."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from devtools.system import PROJECT
from tests.system.short_times import SHORT_TIMES

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

#: What makes it an app with a page in the admin, on which staff change rows.
ADMIN_FILES = {
    "models.py": """
from django.db import models


class Limit(models.Model):
    \"\"\"Units at which more of a SKU is ordered.\"\"\"

    sku = models.CharField(max_length=255, unique=True)
    units = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.sku
""",
    "admin.py": """
from django.contrib import admin
from unfold.admin import ModelAdmin

from restocking.models import Limit


@admin.register(Limit)
class LimitAdmin(ModelAdmin):
    list_display = ["sku", "units"]
    search_fields = ["sku"]
""",
    "migrations/__init__.py": "",
}

#: Tests that walk over all apps, their events and their pages.
WALKING = [
    "tests/test_boundaries.py::test_contracts_hold_for_every_app_there_is",
    "tests/test_boundaries.py::test_no_foreign_key_crosses_an_app",
    "tests/test_deploying.py",
    "tests/test_imports.py",
    "tests/unit/docs/test_docs_generator.py::test_our_documents_are_fresh",
    "tests/unit/backoffice/test_roles.py::test_every_address_is_in_the_table",
    "tests/unit/backoffice/test_roles.py::test_each_role_opens_what_it_may_and_nothing_else[s]",
    "tests/unit/backoffice/test_roles.py::test_each_role_changes_what_it_may_and_nothing_else[s]",
    "tests/unit/backoffice/test_change_log.py"
    "::test_every_model_that_can_be_changed_in_the_admin_is_audited",
    "tests/unit/backoffice/test_pages.py"
    "::test_every_list_can_be_opened_and_searched[restocking.limit]",
]

#: Files that a command writes: nobody changes a line of them.
GENERATED = {
    *("README.md", "compose.yaml", "deploy/kubernetes/workers.yaml"),
    *("docs/architecture.md", "docs/events.md"),
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
with running_system(Path(sys.argv[1]), SHOP_RUN_EXCLUDE=apps) as system:
    done = system.manage("shell", "-c", '''
import time
from decimal import Decimal
from orders.events import Address, Card, OrderDetails, OrderLine
from orders.services import place_order
from inventory.services import receive_stock
from eventbus.delivery.models import Delivery

receive_stock({"TEA": 5}, reason="test")
place_order(OrderDetails(
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
    paths = [PROJECT / name for name in filter(None, names.decode().split("\0"))]
    # With what Python has compiled, which takes long.
    compiled = [Path(cache_from_source(str(path))) for path in paths if path.suffix == ".py"]
    for path in filter(Path.exists, [*paths, *compiled]):
        target = tmp_path / "copy" / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return tmp_path / "copy"


@pytest.fixture
def run(copy: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs Python in the copy, by the copy's own code."""

    def run(*arguments: str, timeout: int = 150) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **SHORT_TIMES, "PYTHONPATH": str(copy)}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return run


@pytest.mark.usefixtures("database_template")
def test_a_new_folder_is_all_it_takes(copy: Path, run, tmp_path: Path):
    write(copy / "restocking", FILES)
    done = run("-c", PROGRAM, str(tmp_path / "state"))
    assert "'restocking'" in done.stdout
    assert "1 lines" in done.stdout
    assert "1 levels changed" in done.stdout


def test_with_a_page_in_the_admin_it_passes_the_tests_and_no_line_was_changed(copy: Path, run):
    """But those that `manage.py docs` writes."""
    before = contents(copy)
    write(copy / "restocking", FILES | ADMIN_FILES)
    run("manage.py", "makemigrations", "restocking")
    run("manage.py", "docs")
    run("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *WALKING, timeout=600)
    after = contents(copy)
    assert {name for name, text in before.items() if after[name] != text} == GENERATED


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip())


def contents(copy: Path) -> dict[str, bytes]:
    """Return what files hold, but those that Python writes anew when theirs are too old."""
    files = (path for path in copy.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(copy)): path.read_bytes() for path in files}
