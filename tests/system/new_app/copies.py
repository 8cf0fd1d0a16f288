"""A copy of the project, in which something is added and run."""

import os
import shutil
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

from devtools.system import PROJECT
from tests.system.short_times import SHORT_TIMES

#: Files that a command writes: nobody changes a line of them.
GENERATED = {
    *("README.md", "compose.yaml", "contracts.json", "deploy/kubernetes/workers.yaml"),
    *("docs/architecture.md", "docs/events.md"),
}


def copy_project(target: Path) -> Path:
    """Copy the project's tracked and new files, with what Python has compiled, which takes long."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=PROJECT, capture_output=True, check=True).stdout
    paths = [PROJECT / name for name in filter(None, names.decode().split("\0"))]
    compiled = [Path(cache_from_source(str(path))) for path in paths if path.suffix == ".py"]
    for path in filter(Path.exists, [*paths, *compiled]):
        copied = target / path.relative_to(PROJECT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copied)
    return target


def environment(copy: Path, **more: str) -> dict[str, str]:
    """The environment of a process that runs the copy's code."""
    return {**os.environ, **SHORT_TIMES, "PYTHONPATH": str(copy), **more}


def run(copy: Path, *arguments: str, timeout: int = 150, **more: str) -> str:
    """Run Python in the copy, by the copy's own code; return what it printed.

    `more`: further environment variables.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environment(copy, **more),
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder, by their paths."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip())


def contents(copy: Path) -> dict[str, bytes]:
    """Return what files hold, but those that Python writes anew when theirs are too old."""
    files = (path for path in copy.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(copy)): path.read_bytes() for path in files}
