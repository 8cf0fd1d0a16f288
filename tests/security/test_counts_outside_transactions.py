"""What is counted of visitors is counted outside any transaction: a refusal would take it back."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings

from shop.settings import BASE_DIR

#: What counts, by the names of `shop.ratelimit.limits`.
COUNTING = {"hit", "hit_at_rate", "rate_limited"}


def counts_inside(tree: ast.AST, counting: set[str], inside: bool = False) -> Iterator[int]:
    """The lines that count in a block or function that is `atomic`."""
    for node in ast.iter_child_nodes(tree):
        within = inside
        if isinstance(node, ast.With):
            within = inside or any("atomic" in ast.unparse(item) for item in node.items)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            within = inside or any("atomic" in ast.unparse(each) for each in node.decorator_list)
        if within and isinstance(node, ast.Call) and _name(node.func) in counting:
            yield node.lineno
        yield from counts_inside(node, counting, within)


def counting_functions(tree: ast.AST) -> set[str]:
    """The names of what counts: those of `limits`, and the module's functions that call them."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    known, before = set(COUNTING), set[str]()
    while known != before:
        before = set(known)
        known |= {function.name for function in functions if _calls(function) & known}
    return known


def _calls(function: ast.FunctionDef) -> set[str]:
    return {_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _modules() -> dict[str, ast.AST]:
    """All of the shop's modules that count."""
    texts = {path: path.read_text(encoding="utf-8") for path in BASE_DIR.glob("shop/**/*.py")}
    return {
        str(path.relative_to(BASE_DIR)): ast.parse(text)
        for path, text in texts.items()
        if "ratelimit" in text
    }


def test_nothing_is_counted_in_a_transaction():
    modules = _modules()
    assert {"shop/storefront/views/checkout.py", "shop/api/routes/checkout.py"} <= modules.keys()
    assert not [
        f"{path}:{line}"
        for path, tree in modules.items()
        for line in counts_inside(tree, counting_functions(tree))
    ]


def test_no_request_is_a_transaction_as_a_whole():
    assert not any(each.get("ATOMIC_REQUESTS") for each in settings.DATABASES.values())


@pytest.mark.parametrize(
    "code",
    [
        "with transaction.atomic():\n    limits.hit('order', who)",
        "@transaction.atomic\ndef view(request):\n    return hit('order', who)",
        "@transaction.atomic\n@rate_limited('order')\ndef view(request):\n    pass",
        "@rate_limited('o')\n@transaction.atomic\ndef v(r):\n    hit_at_rate('a', who, 1, 1)",
        "def _count():\n    hit('a', who)\nwith atomic():\n    _count()",
    ],
)
def test_the_walk_sees_what_it_looks_for(code):
    tree = ast.parse(code)
    assert list(counts_inside(tree, counting_functions(tree)))
