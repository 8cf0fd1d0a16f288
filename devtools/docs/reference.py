"""The reference of the bus: a page for each public module, the settings, the commands, the checks.

Its pages are made whole, unlike documents of which only a part is.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from devtools.docs.commands import our_commands, usage
from devtools.docs.source import Module, Name
from devtools.docs.tables import table
from eventbus.conf import PREFIX, SETTINGS, Setting
from eventbus.delivery.checks import CHECKS, written
from shop.settings import BASE_DIR

REFERENCE = Path("eventbus/docs/reference")
BUS = BASE_DIR / "eventbus"
#: What projects import of deeper modules, and which names; none: all of them.
DEEPER: dict[str, tuple[str, ...]] = {
    "eventbus.commands": (),
    "eventbus.console.events": (),
    "eventbus.exceptions": (),
    "eventbus.messaging.worker": ("worker_app",),
    "eventbus.operations.admin": ("TimelineEntry", "ReadOnlyInline", "ReadOnlyAdmin"),
    "eventbus.signals": (),
}
MADE = "<!-- Made by `python manage.py docs`. -->"


def pages() -> dict[Path, str]:
    """Return the text of every page of the reference, by its path in the repository."""
    made = {
        **{name: _module_page(name, names) for name, names in _public_modules().items()},
        "settings": _settings_page(),
        "commands": _commands_page(),
        "checks": _checks_page(),
    }
    return {
        REFERENCE / f"{name}.md": f"{MADE}\n\n{text}\n"
        for name, text in {"README": _index(made), **made}.items()
    }


def _public_modules() -> dict[str, tuple[str, ...]]:
    """Return each public module with its public names: of the package, the test kit, and deeper."""
    found = dict(DEEPER)
    for package in (BUS, BUS / "testing"):
        for module, names in Module(package / "__init__.py").imports.items():
            if module not in found:
                found[module] = tuple(names)
    return dict(sorted(found.items()))


def _index(made: dict[str, str]) -> str:
    lines = [
        f"- [{name}]({name}.md): {text.splitlines()[2].removesuffix('.')}"
        for name, text in made.items()
    ]
    return "\n".join(["# Reference of eventbus", "", *lines])


def _module_page(name: str, only: tuple[str, ...]) -> str:
    module = Module(BASE_DIR / f"{name.replace('.', '/')}.py")
    blocks = [f"# {name}", module.doc]
    blocks += (block for each in module.names(only) for block in _described(each, _home(name)))
    return "\n\n".join(filter(None, blocks))


def _home(module: str) -> str:
    """Return what people import the names of a module from."""
    for package in ("eventbus.testing", "eventbus"):
        path = BASE_DIR / package.replace(".", "/") / "__init__.py"
        if module not in DEEPER and module in Module(path).imports:
            return package
    return module


def _described(name: Name, home: str) -> Iterator[str]:
    is_top = "." not in name.path
    yield f"{'##' if is_top else '###'} {name.path}"
    shown = f"from {home} import {name.path}\n\n" if is_top else ""
    yield f"```python\n{shown}{name.declaration}\n```"
    yield name.doc


def _settings_page() -> str:
    rows = [
        (f"`{PREFIX}{name}`", _types(setting), _default(setting), setting.meaning)
        for name, setting in SETTINGS.items()
    ]
    return "\n\n".join(
        [
            "# Settings",
            "Django settings of the bus; without one its default holds.",
            "Spans of time are `datetime.timedelta`. `manage.py check` compares each with what"
            " stands here, see [checks](checks.md).",
            table(("setting", "type", "default", "meaning"), rows),
        ]
    )


def _types(setting: Setting) -> str:
    names = " or ".join(f"`{type.__name__}`" for type in setting.allowed_types)
    bounds = [
        f"{written(bound)} {word}"
        for bound, word in ((setting.at_least, "or more"), (setting.at_most, "or less"))
        if bound is not None
    ]
    return ", ".join([names, *bounds])


def _default(setting: Setting) -> str:
    return "" if setting.default in ("", None) else f"`{written(setting.default)}`"


def _commands_page() -> str:
    ours = {
        name: command
        for name, command in our_commands().items()
        if type(command).__module__.startswith("eventbus.")
    }
    blocks = (block for name, command in ours.items() for block in _command(name, command))
    first = (
        "Commands of `manage.py` that the bus brings, each with the layer that must be installed."
    )
    return "\n\n".join(["# Commands", first, *blocks])


def _command(name: str, command: BaseCommand) -> Iterator[str]:
    layer = ".".join(type(command).__module__.split(".")[:2])
    yield f"## {name}"
    yield f"```sh\npython manage.py {usage(name, command)}\n```"
    yield f"{' '.join(command.help.split())} (`{layer}`)"
    if arguments := "\n".join(_arguments(command)):
        yield arguments


def _arguments(command: BaseCommand) -> Iterable[str]:
    parser = CommandParser(add_help=False)
    command.add_arguments(parser)
    for action in parser._actions:
        if action.help and action.help != argparse.SUPPRESS:
            shown = ", ".join(action.option_strings) or action.metavar or action.dest
            # A path or a name is another on each machine.
            default = action.default if isinstance(action.default, int | float) else "by default"
            text = action.help % {**vars(action), "default": default}
            yield f"- `{shown}`: {' '.join(text.split())}"


def _checks_page() -> str:
    return "\n\n".join(
        [
            "# Checks",
            "What `manage.py check` finds wrong about a project; each error says the cure.",
            table(("check", "what it finds"), [(f"`{id}`", what) for id, what in CHECKS.items()]),
        ]
    )
