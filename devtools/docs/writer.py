"""Write the generated parts of files, or show which are stale.

A part stands between two lines, `<!-- NAME:begin -->` and `<!-- NAME:end -->`,
in README.md, that of a folder, or below docs/; or `# NAME:begin` and `# NAME:end`,
in compose.yaml or below deploy/. NAME is one of `devtools.docs.generators.PARTS`.
The pages of `devtools.docs.reference` are made whole.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from devtools.docs.generators import PARTS
from devtools.docs.reference import REFERENCE, pages
from shop.settings import BASE_DIR

FILES = ("[!.]*/README.md", "README.md", "docs/**/*.md", "compose.yaml", "deploy/**/*.yaml")
PART = re.compile(
    r"^(?P<begin>(?P<open><!--|#) (?P<name>[\w-]+):begin(?P<close> -->|)\n)"
    r"(?P<text>.*?)(?P<end>(?P=open) (?P=name):end(?P=close))$",
    re.MULTILINE | re.DOTALL,
)
MARKER = re.compile(r"^(?:<!--|#) ([\w-]+):(?:begin|end)(?: -->)?$", re.MULTILINE)


class WrongMarker(Exception):
    """A document's markers do not fit: give each begin its end, and a name that is known."""


@dataclass(frozen=True)
class Document:
    """A file with generated parts. `stale`: names of those that are not as the code has them."""

    path: Path
    #: empty for a page that is no longer made
    fresh: str
    stale: tuple[str, ...]

    def rewrite(self) -> None:
        """Bring its parts up to date."""
        if not self.fresh:
            self.path.unlink()
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.fresh, encoding="utf-8")

    def __str__(self) -> str:
        return f"{self.path.name} ({', '.join(self.stale)})"


def stale_documents(folder: Path = BASE_DIR) -> list[Document]:
    """Return the documents that must be rewritten. Raises `WrongMarker`."""
    paths = [path for pattern in FILES for path in sorted(folder.glob(pattern))]
    return [document for document in map(_read, paths) if document.stale]


def stale_pages(folder: Path = BASE_DIR) -> list[Document]:
    """Return the pages of the reference that must be written, or removed."""
    made = {folder / path: text for path, text in pages().items()}
    there = {path: path.read_text(encoding="utf-8") for path in (folder / REFERENCE).glob("*.md")}
    return [
        Document(path, made.get(path, ""), ("all of it",))
        for path in sorted({*made, *there})
        if made.get(path) != there.get(path)
    ]


def _read(path: Path) -> Document:
    text = path.read_text(encoding="utf-8")
    parts = list(PART.finditer(text))
    _check(path, Counter(MARKER.findall(text)), Counter(part["name"] for part in parts))
    return Document(
        path,
        fresh=PART.sub(lambda part: part["begin"] + _made(part["name"]) + part["end"], text),
        stale=tuple(part["name"] for part in parts if part["text"] != _made(part["name"])),
    )


def _check(path: Path, markers: Counter[str], parts: Counter[str]) -> None:
    """Raise `WrongMarker`, naming file and markers, if the markers do not fit."""
    if alone := [name for name, count in markers.items() if count != 2 * parts[name]]:
        raise WrongMarker(f"{path.name}: begin and end do not pair: {', '.join(alone)}")
    if unknown := parts.keys() - PARTS:
        known = f"known are {', '.join(PARTS)}"
        raise WrongMarker(f"{path.name}: no part is called {', '.join(sorted(unknown))}; {known}")


def _made(name: str) -> str:
    return f"{PARTS[name]()}\n"
