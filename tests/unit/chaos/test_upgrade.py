"""Newer code beside the older."""

import ast
import filecmp

from devtools.chaos.faults.upgrade import newer_tree
from devtools.system import PROJECT


def test_newer_code_differs_in_a_field_of_one_event_and_the_version_of_another(tmp_path):
    tree = newer_tree(tmp_path / "newer")
    differing = {
        path
        for path in tree.rglob("*.py")
        if not filecmp.cmp(path, PROJECT / path.relative_to(tree), shallow=False)
    }
    orders, shop = tree / "orders" / "events.py", tree / "shop" / "events.py"
    assert differing == {orders, shop}
    placed = _defined(orders, "OrderPlaced")
    assert ast.unparse(placed.body[-1]) == "gift_note: str = 'With love'"
    added = _defined(shop, "ItemAdded")
    assert ast.unparse(added.keywords[0]) == "version=2"
    assert ast.unparse(_defined(shop, "by_the_shopper").decorator_list[0]) == (
        "upcasts(ItemAdded, from_version=1)"
    )


def _defined(file, name):
    (found,) = (n for n in ast.parse(file.read_text()).body if getattr(n, "name", "") == name)
    return found
