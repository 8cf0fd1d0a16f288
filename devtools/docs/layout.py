"""`python -m devtools.docs.layout [FOLDER]`: sizes of the Python code in a repository, as a table.

A row for each folder: its files, the files of the fullest folder in it, the lines of code of a file
and of a function (median, 90th percentile), and all of them. A line of code is neither blank nor a
comment nor part of a docstring. Migrations are left out.
"""

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

HEADER = "| folder | files | fullest folder | lines of a file | lines of a function | lines |"


def main(root: Path) -> None:
    """Print the table of a repository, or of a folder in one."""
    sys.stdout.write("\n".join([HEADER, "|---|---|---|---|---|---|", *rows(root)]) + "\n")


def rows(root: Path) -> Iterator[str]:
    """Yield a row of the table for each folder, and one for all of them."""
    files = defaultdict(list)
    for path in _python_files(root):
        files[path.parts[0] if len(path.parts) > 1 else "."].append(path)
    files["all"] = [path for paths in files.values() for path in paths]
    return (_row(root, name, paths) for name, paths in files.items())


def _python_files(root: Path) -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=root, check=True, capture_output=True, text=True
    )
    paths = map(Path, listed.stdout.splitlines())
    return (path for path in paths if "migrations" not in path.parts)


def _row(root: Path, name: str, paths: list[Path]) -> str:
    modules = [_Module((root / path).read_text(encoding="utf-8")) for path in paths]
    lines = [len(module.code) for module in modules]
    functions = [count for module in modules for count in module.functions()]
    (_, most), *_ = Counter(path.parent for path in paths).most_common(1)
    return (
        f"| {name} | {len(paths)} | {most} | {_spread(lines)} | {_spread(functions)} "
        f"| {sum(lines)} |"
    )


def _spread(numbers: list[int]) -> str:
    if not numbers:
        return ""
    return f"{median(numbers):g}, {sorted(numbers)[len(numbers) * 9 // 10]}"


class _Module:
    """A module's syntax tree, and the numbers of its lines of code."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        lines = enumerate(text.splitlines(), 1)
        self.code = {number for number, line in lines if line.strip() and line.strip()[0] != "#"}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                self.code -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))

    def functions(self) -> Iterator[int]:
        """Count the lines of code of each function, its `def` included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield len(self.code & set(range(node.lineno, (node.end_lineno or 0) + 1)))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
