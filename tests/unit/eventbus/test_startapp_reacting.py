"""`manage.py startapp_reacting NAME`: an app that works, or a word why not and nothing written."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """Where the command is called."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_makes_a_folder_with_all_that_an_app_has(here):
    out = StringIO()
    call_command("startapp_reacting", "price_watch", stdout=out)
    [folder] = here.iterdir()
    assert folder.name == "price_watch"
    assert {file.stem for file in folder.iterdir()} == {
        *("__init__", "apps", "celery", "events", "reactions", "services", "tests")
    }
    assert "class PriceWatchConfig" in (folder / "apps.py").read_text()
    assert 'worker_app("price_watch")' in (folder / "celery.py").read_text()
    assert 'put "price_watch" into INSTALLED_APPS' in out.getvalue()


@pytest.mark.parametrize("name", ["demand", "zebra"])
def test_its_imports_are_in_the_order_of_their_names(here, name):
    call_command("startapp_reacting", name, stdout=StringIO())
    tree = ast.parse((here / name / "reactions.py").read_text())
    imported = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert imported == sorted(["eventbus", f"{name}.events"])


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "is not made of small letters, digits and _"),
        ("Demand", "is not made of small letters, digits and _"),
        ("2nd", "is not made of small letters, digits and _"),
        ("price-watch", "is not made of small letters, digits and _"),
        ("../outside", "is not made of small letters, digits and _"),
        ("küche", "is not made of small letters, digits and _"),
        ("a" * 51, "has more than 50 letters"),
        ("class", "is a name of Python's own"),
        ("json", "is a name of Python's own"),
        ("relay", "is what another process is called"),
        ("orders", "is the name of an app that is there"),
        ("search", "is the name of an app that is there"),
        ("celery_worker.tests", "is not made of small letters, digits and _"),
        ("kombu", "is the name of a package that is in use"),
        ("flower", "is what another process is called"),
        ("devtools", "is the name of an app that is there"),
        ("docs", "conflicts with the name of an existing Python module"),
        ("taken", "already exists"),
    ],
)
def test_a_name_that_does_not_do_is_refused_and_nothing_is_written(here, name, fault):
    (here / "taken").mkdir()
    with pytest.raises(CommandError, match=fault):
        call_command("startapp_reacting", name)
    assert [path.name for path in here.iterdir()] == ["taken"]
    assert not list((here / "taken").iterdir())
