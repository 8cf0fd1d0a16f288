"""Generators of the parts of our files that are made from the code, each by its name."""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from devtools.docs.commands import our_commands, usage
from devtools.docs.tables import table
from devtools.docs.workers import compose_bridges, compose_workers, kubernetes_workers
from eventbus.operations.event_catalog import (
    Entry,
    Field,
    abstract_events,
    catalogue,
    first_paragraph,
)
from eventbus.operations.mermaid import mermaid
from eventbus.registry import Reaction
from shop.environment import Environment
from shop.settings import BASE_DIR, OUR_PACKAGES, WORKER_MODULES


def events() -> str:
    """Draw which app emits what and which reacts."""
    return f"```mermaid\n{mermaid(catalogue())}\n```"


def catalogue_in_full() -> str:
    """List every event with its meaning, fields and reactions, app by app."""
    entries = sorted([*catalogue(), *abstract_events()], key=lambda entry: (entry.app, entry.type))
    by_app = groupby(entries, key=lambda entry: entry.app)
    return "\n\n".join(block for app, entries in by_app for block in _app(app, entries))


def settings() -> str:
    """List what a deployment may set, from the fields of `Environment`."""
    fields = Environment.model_fields.items()
    return table(
        ("variable", "default", "meaning"),
        [(f"`{name.upper()}`", _default(field), _meaning(field)) for name, field in fields],
    )


def folders() -> str:
    """List the packages at the top, each with the first line of its docstring."""
    return "\n".join(_folder(BASE_DIR / name) for name in _packages())


def folders_in_full() -> str:
    """List the packages at the top and those in them, each with the first line of its docstring."""
    return "\n".join(
        line
        for name in _packages()
        for line in (
            _folder(BASE_DIR / name),
            *(f"  {_folder(each)}" for each in _folders_in(BASE_DIR / name)),
        )
    )


def commands() -> str:
    """List every command of ours with its help."""
    return "\n".join(
        f"- `python manage.py {usage(name, command)}`: {' '.join(command.help.split())}"
        for name, command in our_commands().items()
    )


#: The order in which an app's events stand: facts come first.
KINDS = ("event", "abstract", "deadline", "task")

#: What stands in a file between `NAME:begin` and `NAME:end`.
PARTS: dict[str, Callable[[], str]] = {
    "events": events,
    "catalogue": catalogue_in_full,
    "settings": settings,
    "commands": commands,
    "folders": folders,
    "folders-in-full": folders_in_full,
    "compose-bridges": compose_bridges,
    "compose-workers": compose_workers,
    "kubernetes-workers": kubernetes_workers,
}


def _packages() -> list[str]:
    return [*OUR_PACKAGES, "tests"]


def _folders_in(folder: Path) -> list[Path]:
    """Return the packages in one that have a docstring; those that Django prescribes have none."""
    found = sorted(init.parent for init in folder.glob("*/__init__.py"))
    return [each for each in found if _says(each)]


def _folder(folder: Path) -> str:
    return f"- `{folder.name}/`: {_says(folder)}"


def _says(folder: Path) -> str:
    """Return the first line of a package's docstring."""
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def _app(app: str, entries: Iterator[Entry]) -> Iterator[str]:
    yield f"## {app}"
    yield first_paragraph(import_module(WORKER_MODULES.get(app, app)).__doc__)
    for entry in sorted(entries, key=lambda entry: KINDS.index(entry.kind)):
        yield f"### {entry.name}" + ("" if entry.kind == "event" else f" ({entry.kind})")
        yield entry.doc
        yield table(("field", "type", "meaning"), [row for f in entry.fields for row in _rows(f)])
        yield _emitters(entry)
        yield "\n".join(map(_reaction, entry.reactions)) or "Nobody reacts."


def _emitters(entry: Entry) -> str:
    names = ", ".join(f"`{name}`" for name in entry.emitted_by)
    if entry.kind == "abstract":
        return f"Any app may emit a subclass of its own: {names or 'none does'}."
    return f"Emitted by {names}."


def _rows(field: Field, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield a field's row, and after it those of the values it is made of."""
    name = prefix + field.name
    yield f"`{name}`", f"`{field.type}`", field.doc
    for part in field.fields:
        yield from _rows(part, f"{name}.")


def _reaction(reaction: Reaction) -> str:
    doc = first_paragraph(reaction.doc)
    emits = ", ".join(type.partition(".")[2] for type in reaction.emitted_types)
    return "".join(
        (
            f"- {reaction.app}: `{reaction.name}`",
            f" – {doc}" if doc else "",
            f" → {emits}" if emits else "",
        )
    )


def _default(field: FieldInfo) -> str:
    """Return the default as one would set it; a path relative to the project's folder."""
    value: Any = field.default
    if isinstance(value, Path):
        value = value.relative_to(BASE_DIR)
    return f"`{value}`" if str(value) else ""


def _meaning(field: FieldInfo) -> str:
    if get_origin(field.annotation) is not Literal:
        return str(field.description)
    return (
        f"{field.description}: {' or '.join(f'`{value}`' for value in get_args(field.annotation))}"
    )
