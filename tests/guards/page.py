"""`docs/guards.md`: what was taken out, and what told."""

from collections.abc import Iterable

from devtools.system import PROJECT
from tests.guards.guard import Guard

PAGE = PROJECT / "docs" / "guards.md"
HEAD = """\
# What keeps the promises, and the proof of each

Each line of this table is a few words of the code that keep a promise. `make guards` copies the
project, runs the named tests, which must pass, and then takes out one guard after the other: each
time its test must fail. This page is what it found. The list is `tests/guards/`; that every guard
is still where the list says is part of `make test`.

| guard | in | without it | told by |
| --- | --- | --- | --- |
"""


def write(guards: Iterable[Guard]) -> None:
    PAGE.write_text(HEAD + "".join(map(line, guards)))


def line(guard: Guard) -> str:
    told_by = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in guard.tests)
    return f"| {guard.name} | `{guard.file}` | {guard.without} | {told_by} |\n"
