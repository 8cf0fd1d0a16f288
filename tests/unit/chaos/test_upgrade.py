"""Newer code beside the older."""

import ast
import filecmp

from devtools.chaos.faults.upgrade import newer_tree
from devtools.system import PROJECT


def test_newer_code_differs_in_events_and_reactions_alone(tmp_path):
    tree = newer_tree(tmp_path / "newer")
    differing = {
        str(path.relative_to(tree))
        for path in tree.rglob("*.py")
        if not filecmp.cmp(path, PROJECT / path.relative_to(tree), shallow=False)
    }
    assert differing == {
        *("orders/events.py", "shop/events.py", "shop/reactions.py", "shop/storefront/cart.py")
    }
    events, reactions = tree / "shop" / "events.py", tree / "shop" / "reactions.py"
    placed = _defined(tree / "orders" / "events.py", "OrderPlaced")
    assert ast.unparse(placed.body[-1]) == "gift_note: str = 'With love'"
    added = _defined(events, "ItemAdded")
    assert ast.unparse(added.keywords[0]) == "version=2"
    assert ast.unparse(_defined(events, "by_the_shopper").decorator_list[0]) == (
        "upcasts(ItemAdded, from_version=1)"
    )
    assert ast.unparse(_defined(events, "GiftWrapped").body[-1]) == "cart_id: UUID"
    wanted = {
        name: ast.unparse(_defined(reactions, name).decorator_list[0])
        for name in ("offer_wrapping", "wrap")
    }
    assert wanted == {"offer_wrapping": "reacts_to(ItemAdded)", "wrap": "reacts_to(GiftWrapped)"}
    add = ast.unparse(_defined(tree / "shop" / "storefront" / "cart.py", "add"))
    assert add.startswith("@emits(events.ItemAdded, events.GiftWrapped)")
    assert "emit(events.GiftWrapped(cart_id=cart.id))" in add


def _defined(file, name):
    (found,) = (n for n in ast.parse(file.read_text()).body if getattr(n, "name", "") == name)
    return found
