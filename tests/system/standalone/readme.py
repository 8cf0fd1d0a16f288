"""The README of the bus as a project: its files, and its commands."""

import re
from pathlib import Path

from tests.system.standalone.installation import BUS

_BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files() -> dict[Path, str]:
    """The files that the README shows, by path; the first line of each says where it stands."""
    shown = [text for language, text in _blocks() if language == "python"]
    return {Path(text.partition("\n")[0].removeprefix("# ")): text for text in shown}


def commands() -> list[str]:
    """The commands with which the README tries them out."""
    return [text for language, text in _blocks() if language == "sh"][-1].splitlines()


def _blocks() -> list[tuple[str, str]]:
    text = (BUS / "README.md").read_text(encoding="utf-8")
    return [(block[1], block[2]) for block in _BLOCK.finditer(text)]
