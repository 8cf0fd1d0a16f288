"""docs/new-app.md, followed word by word in a copy of the project: an app that changes prices."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

from devtools import system as systems
from devtools.system import PROJECT, System, running_system, temporary_state
from devtools.waiting import wait_until
from shop.environment import REACTING_APPS
from tests.databases import own_database
from tests.system.new_app.copies import (
    GENERATED,
    contents,
    copy_project,
    environment,
    run,
    write,
)

GUIDE = (PROJECT / "docs" / "new-app.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What the guide says, and what is said here, where nobody has the time.
MINUTES, SECONDS = "timedelta(minutes=2)", "timedelta(seconds=8)"
PAGE = "products/speckled-stoneware-mug/HS-MUG-TER/"
#: The apps that it takes. The others are off, and catch up another day.
OFF = ",".join(["flower", *sorted({*REACTING_APPS} - {"catalogue"})])

PYTEST = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--reuse-db")
#: What of `make check` takes no time. The borders and the documents are looked at below.
CHECKS = [
    ("-m", "ruff", "check", "--no-cache", "demand"),
    ("-m", "ruff", "format", "--no-cache", "--check", "demand"),
]
#: What an author adds later: staff change its rows on a page in the admin.
ADMIN = """
from django.contrib import admin
from unfold.admin import ModelAdmin

from demand.models import Demand


@admin.register(Demand)
class DemandAdmin(ModelAdmin):
    list_display = ["sku", "units"]
    search_fields = ["sku"]
"""
#: Tests that walk over all apps, their events and their pages.
WALKING = [
    "tests/test_boundaries.py",
    "tests/test_deploying.py",
    "tests/test_imports.py",
    "tests/unit/docs/test_docs_generator.py::test_our_documents_are_fresh",
    "tests/unit/backoffice/test_roles.py::test_every_address_is_in_the_table",
    "tests/unit/backoffice/test_roles.py::test_each_role_opens_what_it_may_and_nothing_else[s]",
    "tests/unit/backoffice/test_roles.py::test_each_role_changes_what_it_may_and_nothing_else[s]",
    "tests/unit/backoffice/test_change_log.py"
    "::test_every_model_that_can_be_changed_in_the_admin_is_audited",
    "tests/unit/backoffice/test_pages.py"
    "::test_every_list_can_be_opened_and_searched[demand.demand]",
]


@dataclass
class Reader:
    """Somebody who does what the guide says, in a copy of the project."""

    copy: Path
    #: where its tests find servers, which need not be started for them
    servers: dict[str, str]
    printed: list[str] = field(default_factory=list)
    #: what is typed once the shop runs with the app in it
    later: list[str] = field(default_factory=list)
    starts: int = 0

    def follow(self) -> None:
        for language, text in BLOCK.findall(GUIDE):
            if language == "python":
                name = text.partition("\n")[0].removeprefix("# ")
                shown = text.partition("\n")[2].replace(MINUTES, SECONDS)
                write(self.copy, {name: shown})
            elif self.starts == 2:
                self.later.append(text)
            else:
                for line in text.splitlines():
                    self.type(line)

    def type(self, line: str) -> None:
        if line == "make run":
            self.starts += 1
        elif line.startswith("make test ARGS="):
            tests = line.removeprefix("make test ARGS=")
            self.printed.append(run(self.copy, *PYTEST, tests, **self.servers))
        elif line == "make check":
            for check in CHECKS:
                run(self.copy, *check)
        else:
            self.printed.append(in_a_shell(self.copy, line, environment(self.copy)))


def in_a_shell(copy: Path, text: str, env: dict[str, str]) -> str:
    """Run a block of commands as somebody types it; return what they printed."""
    typed = text.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        ["bash", "-c", typed], cwd=copy, env=env, capture_output=True, text=True, timeout=150
    )
    # There are apps without a worker: not in the guide, but here.
    assert done.returncode == 0 or "manage.py workers" in text, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("guide") / "copy")


@pytest.fixture(scope="module")
def before(untouched: Path) -> dict[str, bytes]:
    return contents(untouched)


@pytest.fixture(scope="module")
def reader(untouched: Path, before: dict[str, bytes]) -> Iterator[Reader]:
    """Followed it until the shop is started with the app in it; each check has passed."""
    # The second is the one that Django makes for tests: kept from one run of them to the next.
    with own_database("guide") as database, own_database("test_guide"):
        servers = {"DATABASE_URL": database, "BROKER_URL": settings.EVENTBUS_BROKER_URL}
        reader = Reader(untouched, servers)
        reader.follow()
        yield reader


@pytest.fixture(scope="module")
def shop(reader: Reader, database_template: None) -> Iterator[System]:
    with pytest.MonkeyPatch.context() as patch, temporary_state() as state:
        patch.setattr(systems, "PROJECT", reader.copy)
        with running_system(state, SHOP_RUN_EXCLUDE=OFF, PYTHONPATH=str(reader.copy)) as running:
            yield running


def test_the_tests_of_the_app_pass_as_the_guide_says(reader: Reader):
    said = re.findall(r"`(\d+ passed)`", GUIDE)
    printed = re.findall(r"\d+ passed", "\n".join(reader.printed))
    assert printed == said


def test_no_line_is_changed_but_those_that_a_command_writes(reader: Reader, before):
    after = contents(reader.copy)
    assert {name for name, text in before.items() if after[name] != text} == GENERATED
    assert {name.partition("/")[0] for name in after.keys() - before.keys()} == {"demand"}
    assert "demand --> catalogue" in (reader.copy / "README.md").read_text()


def test_with_a_page_in_the_admin_it_passes_the_tests_that_walk_over_all_apps(reader: Reader):
    write(reader.copy, {"demand/admin.py": ADMIN})
    run(reader.copy, *PYTEST, *WALKING, timeout=600, **reader.servers)


def test_a_price_rises_with_demand_and_comes_back_by_itself(reader: Reader, shop: System):
    workers, orders, story = (in_a_shell(reader.copy, text, shop.env) for text in reader.later)
    assert re.search(r"demand@\S+ +\d+ +alive", workers)
    prices = re.findall(r"€\d+\.\d\d", orders)
    assert prices[0] == "€16.00"
    assert {"€17.60", "€19.20"} & set(prices[1:])
    for name in ("demand.SurgePriceSet", "raise_prices", "adjust_price"):
        assert name in story
    wait_until(lambda: "<strong>€16.00</strong>" in page(shop), 60, "the mug's own price")


def page(shop: System) -> str:
    with urlopen(shop.url + PAGE, timeout=30) as answer:
        return answer.read().decode()
