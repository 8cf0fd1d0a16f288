"""What a module's source says of its public names: how each is written, and what it is for."""

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LITERAL = re.compile(r"::\n\n((?:(?: {4}.*)?\n)*(?: {4}.*))")


@dataclass(frozen=True)
class Name:
    """A public name: its path in the module, the lines it is declared by, and its docstring."""

    path: str
    declaration: str
    doc: str


class Module:
    """A module by its file."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self._lines = text.splitlines()
        self._tree = ast.parse(text)
        self.doc = _markdown(ast.get_docstring(self._tree) or "")

    @property
    def imports(self) -> dict[str, list[str]]:
        """Return the names that it takes from other modules, by module."""
        found: dict[str, list[str]] = {}
        for node in self._tree.body:
            if isinstance(node, ast.ImportFrom):
                found.setdefault(node.module or "", []).extend(each.name for each in node.names)
        return found

    def names(self, only: Sequence[str] = ()) -> Iterator[Name]:
        """Yield its public names, or only some, as they stand, with the methods of each class."""
        yield from self._names(self._tree.body, only)

    def _names(
        self, body: Sequence[ast.stmt], only: Sequence[str] = (), within: str = ""
    ) -> Iterator[Name]:
        for node in body:
            name = _name_of(node)
            if not name or name.startswith("_") or (only and name not in only):
                continue
            if isinstance(node, ast.ClassDef):
                yield Name(within + name, self._class(node), _doc(node))
                yield from self._names(
                    [each for each in node.body if isinstance(each, _DEFINITIONS)],
                    within=f"{within}{name}.",
                )
            elif isinstance(node, ast.FunctionDef):
                yield Name(within + name, self._header(node), _doc(node))
            else:
                yield Name(within + name, self._source(node), self._comment_above(node))

    def _class(self, node: ast.ClassDef) -> str:
        """Return a class's header and its public attributes, each with the comment above it."""
        attributes = [
            f"    {line}"
            for each in node.body
            if isinstance(each, ast.AnnAssign) and not _name_of(each).startswith("_")
            for line in [*self._comment_lines(each), *self._source(each).splitlines()]
        ]
        return "\n".join([self._header(node), *attributes])

    def _header(self, node: ast.FunctionDef | ast.ClassDef) -> str:
        """Return the lines up to the body, with decorators that say how it is used."""
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        return _dedented(self._lines[first - 1 : node.body[0].lineno - 1] or [self._of(node)])

    def _of(self, node: ast.stmt) -> str:
        return self._lines[node.lineno - 1]

    def _source(self, node: ast.stmt) -> str:
        return _dedented(self._lines[node.lineno - 1 : node.end_lineno])

    def _comment_lines(self, node: ast.stmt) -> list[str]:
        """Return the `#:` lines right above a statement."""
        found: list[str] = []
        for line in reversed(self._lines[: node.lineno - 1]):
            if not line.strip().startswith("#:"):
                break
            found.insert(0, line.strip())
        return found

    def _comment_above(self, node: ast.stmt) -> str:
        text = " ".join(line.removeprefix("#:").strip() for line in self._comment_lines(node))
        return text[:1].upper() + text[1:]


_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def _name_of(node: ast.stmt) -> str:
    if isinstance(node, _DEFINITIONS):
        return node.name
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    return ""


def _doc(node: ast.FunctionDef | ast.ClassDef) -> str:
    return _markdown(ast.get_docstring(node) or "")


def _dedented(lines: Sequence[str]) -> str:
    return inspect.cleandoc("\n" + "\n".join(lines))


def _markdown(doc: str) -> str:
    """Return a docstring with its literal blocks as Markdown has them."""
    return _LITERAL.sub(
        lambda block: f":\n\n```python\n{inspect.cleandoc(chr(10) + block[1])}\n```", doc
    )
