"""What an outside call would call, in words: reactions yield partials, lambdas and functions."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import partial
from typing import Any

from eventbus.external_calls import SharedCall


def describe_call(call: Callable[..., Any]) -> str:
    """Return `shipping.dispatch.hand_over: adapters.hand_over_once(parcel.id, address)`.

    Never its values, which may tell of people.
    """
    if isinstance(call, SharedCall):
        return describe_call(call.function)
    if isinstance(call, partial):
        return describe_call(call.func)
    within = call.__qualname__.replace("<locals>.", "").removesuffix(".<lambda>")
    name = f"{call.__module__}.{within}"
    owner = getattr(call, "__self__", None)
    if owner is not None and not isinstance(owner, type):
        name = f"{type(owner).__module__}.{type(owner).__name__}.{call.__name__}"
    inner = _source(call) or ", ".join(_called_within(call))
    return f"{name}: {inner}" if inner else name


def _source(call: Callable[..., Any]) -> str:
    """Return a lambda's body as it is written, if that can be read."""
    if call.__name__ != "<lambda>":
        return ""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(call)))
    except (OSError, SyntaxError):
        return ""
    return next((ast.unparse(n.body) for n in ast.walk(tree) if isinstance(n, ast.Lambda)), "")


def _called_within(call: Callable[..., Any]) -> list[str]:
    """Return the functions that a function closes over."""
    cells = [cell.cell_contents for cell in getattr(call, "__closure__", None) or ()]
    return [
        describe_call(each)
        for each in cells
        if isinstance(each, partial) or inspect.isroutine(each)
    ]
