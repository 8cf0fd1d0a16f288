"""The documents of the bus as a project: its files, and its commands."""

import re
from pathlib import Path

from tests.system.standalone.installation import BUS

_BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files(document: str = "README.md") -> dict[Path, str]:
    """The files that a document shows, by path: the first line of each says where it stands."""
    shown = [text for language, text in _blocks(document) if language == "python"]
    return {
        Path(text.partition("\n")[0].removeprefix("# ")): text
        for text in shown
        if text.startswith("# ")
    }


def commands() -> list[str]:
    """The commands with which the README tries them out."""
    return [text for language, text in _blocks("README.md") if language == "sh"][-1].splitlines()


def _blocks(document: str) -> list[tuple[str, str]]:
    text = (BUS / document).read_text(encoding="utf-8")
    return [(block[1], block[2]) for block in _BLOCK.finditer(text)]
