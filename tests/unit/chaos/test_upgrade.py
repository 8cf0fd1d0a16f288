"""Newer code beside the older."""

import ast
import filecmp

from devtools.chaos.faults.upgrade import newer_tree
from devtools.system import PROJECT


def test_newer_code_differs_in_one_field_of_one_event(tmp_path):
    tree = newer_tree(tmp_path / "newer")
    differing = [
        path
        for path in tree.rglob("*.py")
        if not filecmp.cmp(path, PROJECT / path.relative_to(tree), shallow=False)
    ]
    assert differing == [tree / "orders" / "events.py"]
    module = ast.parse(differing[0].read_text())
    (event,) = [n for n in module.body if getattr(n, "name", "") == "OrderPlaced"]
    assert ast.unparse(event.body[-1]) == "gift_note: str = 'With love'"
