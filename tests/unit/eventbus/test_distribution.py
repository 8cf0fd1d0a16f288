"""What the distribution of the bus says of itself."""

import re
import tomllib

import eventbus
import eventbus.testing
from devtools.docs.reference import REFERENCE, pages
from eventbus.conf import SETTINGS
from eventbus.delivery.checks import CHECKS
from shop.settings import BASE_DIR

BUS = BASE_DIR / "eventbus"
ABOUT = tomllib.loads((BUS / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = {path.stem: text for path, text in pages().items()}


def test_the_newest_entry_of_the_changelog_is_this_version():
    changes = (BUS / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[([\d.]+)\]", changes, re.MULTILINE)
    assert newest
    assert newest[1] == ABOUT["version"]


def test_it_is_typed_and_what_authors_import_is_checked_strictly():
    mypy = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    strict, loose = (
        {name for each in mypy["overrides"] for name in each["module"] if each.get(flag) is value}
        for flag, value in (("disallow_untyped_defs", True), ("disallow_untyped_defs", False))
    )
    assert strict == {"eventbus", "eventbus.*"}
    assert "eventbus.testing.*" not in loose
    layers = [path.parent.name for path in BUS.glob("*/apps.py")]
    assert {f"eventbus.{name}.*" for name in layers} <= loose
    assert (BUS / "py.typed").exists()


def test_the_reference_has_every_name_that_authors_import():
    text = "\n".join(PAGES.values())
    names = [*eventbus.__all__, *eventbus.testing.__all__]
    assert [name for name in names if f"\n## {name}\n" not in text] == []


def test_the_reference_has_every_setting_command_and_check():
    assert [name for name in SETTINGS if f"| `EVENTBUS_{name}` |" not in PAGES["settings"]] == []
    assert [id for id in CHECKS if f"| `{id}` |" not in PAGES["checks"]] == []
    assert "\n## relay\n" in PAGES["commands"]


def test_each_check_of_the_bus_is_among_those_that_are_listed():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in BUS.rglob("*.py"))
    assert set(re.findall(r"""["'](eventbus\.[EW]\d+)""", sources)) == set(CHECKS)


def test_the_reference_says_nothing_of_the_machine_on_which_it_was_made():
    assert [name for name, text in PAGES.items() if str(BASE_DIR) in text] == []


def test_the_reference_leads_to_each_of_its_pages():
    linked = set(re.findall(r"\]\(([\w.]+)\.md\)", PAGES["README"]))
    assert linked == {path.stem for path in pages()} - {"README"}


def test_each_page_that_a_document_of_the_bus_links_to_is_there():
    for document in [BUS / "README.md", BUS / "CHANGELOG.md", *(BUS / "docs").rglob("*.md")]:
        text = document.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^):#]+)\)", text):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
    assert (BASE_DIR / REFERENCE).is_dir()
