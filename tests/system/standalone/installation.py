"""The bus, installed from its wheel, in a Python that has what the wheel asks for and no more.

An environment of its own would take a minute to fill; instead the tests' own packages stand
behind the wheel, and those that it does not ask for cannot be imported.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PathDistribution, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from devtools.system import PROJECT

BUS = PROJECT / "eventbus"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")

#: Python runs a module of this name before anything else.
GATE = '''"""Has what was not asked for be as if it were not installed."""

import sys


class Gate:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden}:
            raise ModuleNotFoundError(f"{name} is not among the dependencies", name=name)


sys.meta_path.insert(0, Gate())
'''


@dataclass(frozen=True)
class Installation:
    """A folder that holds the installed bus, and what it was built from."""

    folder: Path
    sdist: Path

    @property
    def requirements(self) -> list[Requirement]:
        """Return what the wheel asks for, with and without extras."""
        [about] = self.folder.glob("eventbus-*.dist-info")
        return [Requirement(each) for each in PathDistribution(about).requires or []]

    def asked_for(self, extra: str = "") -> list[Requirement]:
        """Return what it asks for with this extra, or without one; extras of its own resolved."""
        found = []
        for each in self.requirements:
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                if each.name == "eventbus":
                    found += [more for name in each.extras for more in self.asked_for(name)]
                else:
                    found.append(each)
        return found

    def environment(self, extra: str = "") -> dict[str, str]:
        """The environment of a process that has the bus with this extra."""
        gate = self.folder.parent / f"gate-{extra}"
        gate.mkdir(exist_ok=True)
        hidden = _modules_but_of(_with_their_own(self.asked_for(extra)))
        (gate / "sitecustomize.py").write_text(GATE.replace("{hidden}", repr(hidden)))
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([".", str(gate), str(self.folder)]),
        }


def install(folder: Path) -> Installation:
    """Build the bus, an sdist and a wheel of that, and install it without what it asks for."""
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder))
    subprocess.run([*build, str(BUS)], check=True, stdout=subprocess.DEVNULL)
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    target = folder / "installed"
    subprocess.run([*PIP, "install", "--no-deps", "--target", str(target), str(wheel)], check=True)
    return Installation(target, sdist)


def _with_their_own(requirements: Iterable[Requirement]) -> set[str]:
    """The distributions of these requirements, of theirs, and so on."""
    found: set[str] = set()
    waiting = [(each.name, frozenset(each.extras)) for each in requirements]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found.add(canonicalize_name(name))
        waiting += _asked_for_by(name, extras)
    return found


def _asked_for_by(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for each in map(Requirement, distribution(name).requires or []):
        if each.marker is None or any(
            each.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield each.name, frozenset(each.extras)


@cache
def owners_of_modules() -> Mapping[str, list[str]]:
    """Who brings which module here: read once, which takes as long as to start Python."""
    return packages_distributions()


def _modules_but_of(distributions: set[str]) -> set[str]:
    """The modules one can import here that come with none of these distributions."""
    return {
        module
        for module, owners in owners_of_modules().items()
        if not distributions & set(map(canonicalize_name, owners))
    }
