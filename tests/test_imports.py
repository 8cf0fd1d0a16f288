"""What our modules import of each other, inside functions too; what our folders are."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings

from eventbus.conf import SETTINGS
from shop.settings import BASE_DIR

#: Folders that Django and Python want, and that say nothing.
BY_CONVENTION = {"management", "commands", "migrations", "templatetags"}
#: What a bus for any project does not say, and the files in which it could.
THEIRS = (r"\bshop\b(?!per)", r"SHOP_", r"shop\.", "make run", "gettext", r"\{% ?(block)?trans")
TEXT = {".py", ".html", ".svg", ".css", ".json", ".toml", ".md"}
#: Files beside each other that one still takes in at a glance.
AT_A_GLANCE = 30


@cache
def modules() -> dict[str, Path]:
    """Every module of ours, by its name."""
    files = [
        file
        for package in [*settings.OUR_PACKAGES, "tests"]
        for file in (BASE_DIR / package).rglob("*.py")
    ]
    return {_name(file.relative_to(BASE_DIR)): file for file in files}


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(name: str) -> set[str]:
    """The modules of ours that one imports whenever it runs, wherever in it that is said."""
    tree = parsed(modules()[name])
    return {each for each in _imported(tree) if each in modules() and each != name}


def test_no_module_needs_by_whatever_way_one_that_needs_it():
    needed = {name: imports(name) for name in modules()}
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_what_an_author_imports_of_the_bus_needs_none_of_its_layers():
    layers = {file.parent.name for file in (BASE_DIR / "eventbus").glob("*/apps.py")} | {"bridges"}
    top = [_name(file.relative_to(BASE_DIR)) for file in (BASE_DIR / "eventbus").glob("*.py")]
    assert not [
        f"{name} imports {each}"
        for name in top
        if name != "eventbus.testing"
        for each in imports(name)
        if each.split(".")[1:2] and each.split(".")[1] in layers
    ]


def test_a_folder_says_in_one_line_what_it_is():
    assert not [
        name
        for name, file in modules().items()
        if file.name == "__init__.py"
        if not BY_CONVENTION & set(name.split("."))
        if not _says_in_one_line(file)
    ]


def test_each_setting_of_the_bus_is_one_that_it_reads():
    sources = "\n".join(
        file.read_text(encoding="utf-8") for file in (BASE_DIR / "eventbus").rglob("*.py")
    )
    assert set(re.findall(r"\bconf\.([A-Z_]+)\b", sources)) == set(SETTINGS)


def test_the_bus_owns_no_name_of_the_shop_and_no_text_that_only_the_shop_translates():
    files = [file for file in (BASE_DIR / "eventbus").rglob("*") if file.is_file()]
    texts = {file: file.read_text(encoding="utf-8") for file in files if file.suffix in TEXT}
    assert not [
        f"{file.relative_to(BASE_DIR)}: {word}"
        for file, text in texts.items()
        for word in THEIRS
        if re.search(word, text, re.IGNORECASE)
    ]


def test_no_folder_is_one_to_scroll_through():
    """Tests apart: there is a file for each thing that has rules."""
    files = Counter(
        file.parent
        for name, file in modules().items()
        if file.name != "__init__.py" and not name.startswith("tests.")
    )
    assert not {str(folder): count for folder, count in files.items() if count > AT_A_GLANCE}


def _says_in_one_line(file: Path) -> bool:
    said = ast.get_docstring(parsed(file)) or ""
    first, _, rest = said.partition("\n")
    return first.endswith((".", ":")) and not rest.partition("\n")[0]


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported; nothing that is there for types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "import by the full name"
            for each in node.names:
                inside = f"{node.module}.{each.name}"
                yield inside if inside in modules() else str(node.module)
        elif not isinstance(node, ast.expr) and not _is_for_types(node):
            yield from _imported(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
