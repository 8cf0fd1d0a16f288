"""The comparison with other suites names tests that are there."""

import ast
import re
from functools import cache

import pytest

from shop.settings import BASE_DIR

TABLES = (BASE_DIR / "docs" / "conformance.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w*)`", TABLES)))


@cache
def those_in(path: str) -> set[str]:
    tree = ast.parse((BASE_DIR / "tests" / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_test_that_it_names_is_there():
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if name not in those_in(path) and (name != "test_" or not those_in(path))
    ]
    assert NAMED
    assert missing == []


def test_each_case_has_a_test_or_a_reason():
    rows = [line.split(" | ") for line in TABLES.splitlines() if line.startswith("| `")]
    assert not [row[0] for row in rows if len(row) != 2 or not row[1].strip("| ")]


@pytest.mark.parametrize("suite", ["Watermill", "Wolverine", "Protean"])
def test_each_suite_has_its_table(suite):
    assert f"\n## {suite}\n" in TABLES
