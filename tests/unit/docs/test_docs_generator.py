"""Documents with parts made from the code."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

from devtools.docs.generators import PARTS
from devtools.docs.writer import WrongMarker, stale_documents
from shop.settings import BASE_DIR

EMPTY = "# Shop\n\n<!-- settings:begin -->\n<!-- settings:end -->\n\n`<!-- events:begin -->`\n"


@pytest.fixture
def readme(tmp_path):
    (tmp_path / "docs").mkdir()
    return tmp_path / "README.md"


def test_our_documents_are_fresh():
    # In a process of its own: the tests' own events are not of the shop.
    command = [sys.executable, "manage.py", "docs", "--check"]
    checked = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_part_is_written_between_its_markers_and_nowhere_else(readme):
    readme.write_text(EMPTY)
    [document] = stale_documents(readme.parent)
    assert str(document) == "README.md (settings)"
    document.rewrite()
    before, after = EMPTY.split("<!-- settings:end -->")
    assert readme.read_text() == f"{before}{PARTS['settings']()}\n<!-- settings:end -->{after}"
    assert stale_documents(readme.parent) == []


def test_a_changed_part_is_stale(readme):
    readme.write_text(EMPTY)
    stale_documents(readme.parent)[0].rewrite()
    readme.write_text(readme.read_text().replace("`8000`", "`80`"))
    assert [document.stale for document in stale_documents(readme.parent)] == [("settings",)]


def test_documents_below_docs_are_found(readme):
    page = readme.parent / "docs" / "deep" / "page.md"
    page.parent.mkdir()
    page.write_text(EMPTY)
    assert [document.path for document in stale_documents(readme.parent)] == [page]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<!-- settings:begin -->\n", "README.md: begin and end do not pair: settings"),
        (EMPTY.replace("settings:end", "setting:end"), "do not pair: settings, setting"),
        (EMPTY.replace("settings", "weather"), "no part is called weather; known are events"),
    ],
)
def test_markers_that_do_not_fit_are_refused(readme, text, fault):
    readme.write_text(text)
    with pytest.raises(WrongMarker, match=fault):
        stale_documents(readme.parent)


def test_every_file_of_ours_that_a_document_names_is_there():
    tops = "|".join([*settings.OUR_PACKAGES, "tests", "docs", "deploy"])
    named = re.compile(rf"`((?:{tops})/[\w./-]+\.\w+)")
    documents = [*BASE_DIR.glob("README.md"), *(BASE_DIR / "docs").glob("*.md")]
    assert not [
        f"{document.name} names {path}"
        for document in documents
        for path in named.findall(document.read_text(encoding="utf-8"))
        if not (BASE_DIR / path).exists()
    ]


def test_the_map_of_the_folders_has_each_package_with_what_it_is():
    lines = PARTS["folders"]().splitlines()
    assert [line.partition("`")[2].partition("/")[0] for line in lines] == [
        *settings.OUR_PACKAGES,
        "tests",
    ]
    assert "- `billing/`: Billing: the money of each order." in lines
    in_full = PARTS["folders-in-full"]().splitlines()
    assert "  - `delivery/`: The core of the bus" in "\n".join(in_full)


def test_the_settings_table_has_variable_default_and_meaning():
    lines = PARTS["settings"]().splitlines()
    assert "| `SHOP_PORT` | `8000` | port of the shop |" in lines
    assert "| `SHOP_STATE` | `var` | folder of everything that is state |" in lines
    assert any(line.startswith("| `LOG_FORMAT` | `text` |") and "`json`" in line for line in lines)


def test_the_command_list_has_each_command_with_its_help():
    assert "- `python manage.py story [--json] order`: Tell the story of" in PARTS["commands"]()


def test_the_catalogue_has_every_field_and_every_reaction():
    text = PARTS["catalogue"]()
    assert "### OrderPlaced\n\nA shopper placed an order" in text
    assert "| `customer_id` | `str \\| None` | None for a guest |" in text
    assert "| `lines.line` | `int` | position on the order, from 1 |" in text
    assert "- inventory: `reserve_stock`" in text


def test_the_map_is_a_mermaid_drawing():
    assert PARTS["events"]().startswith("```mermaid\nflowchart LR\n")
