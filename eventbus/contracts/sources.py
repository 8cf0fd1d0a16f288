"""The functions of an app, found in its source by their names."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef


def function_of(function: Callable[..., Any]) -> Function | None:
    """Return a function's source as a tree; None where there is no source."""
    try:
        source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError):
        return None
    found = ast.parse(source).body[0]
    return found if isinstance(found, Function) else None


class Sources:
    """The functions and methods in an app's folder. A file is parsed once it is asked for."""

    def __init__(self, module: str, app: str) -> None:
        """`module`: any of the app's."""
        names = module.split(".")
        package = importlib.import_module(".".join(names[: names.index(app) + 1]))
        self._files = [
            path
            for folder in package.__path__
            for path in sorted(Path(folder).rglob("*.py"))
            if not {"migrations", "tests"} & set(path.relative_to(folder).parts)
        ]

    def named(self, name: str) -> list[Function]:
        """Return every function, method and constructor that is called by this name."""
        return [
            each
            for path in self._files
            if name in _text(path)
            for each in _functions(path).get(name, [])
        ]

    def taking(self, name: str) -> Iterator[tuple[Function, str]]:
        """Yield every function that takes a class of this name, with its argument's name."""
        for path in self._files:
            if name in _text(path):
                for functions in _functions(path).values():
                    yield from (
                        (each, taker) for each in functions if (taker := _taker(each, name))
                    )


def _taker(function: Function, name: str) -> str:
    for each in (*function.args.args, *function.args.kwonlyargs):
        if each.annotation and name in {
            node.id for node in ast.walk(each.annotation) if isinstance(node, ast.Name)
        }:
            return each.arg
    return ""


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _functions(path: Path) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for name, function in _definitions(ast.parse(_text(path))):
        found.setdefault(name, []).append(function)
    return found


def _definitions(tree: ast.AST) -> Iterator[tuple[str, Function]]:
    """Yield each function by its name; a class's `__init__` by that of the class."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, Function) and each.name == "__init__":
                    yield node.name, each
