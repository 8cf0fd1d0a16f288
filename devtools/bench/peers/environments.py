"""A virtual environment for each peer that needs other packages than we have, made once."""

import subprocess
import sys
from pathlib import Path

from devtools.system import PROJECT

REQUIREMENTS = Path(__file__).with_name("requirements")
#: Below the state of developers' runs: what is there is made again when it is missing.
ENVIRONMENTS = PROJECT / "var" / "bench" / "peers"
#: Seconds that one installation may take.
WITHIN = 300


def python_of(peer: str) -> str:
    """Return the Python of a peer, installed if it is not there as its requirements want it.

    Raises CalledProcessError or TimeoutExpired where it cannot be installed.
    """
    wanted = REQUIREMENTS / f"{peer}.txt"
    if not wanted.exists():
        return sys.executable
    folder = ENVIRONMENTS / peer
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted.read_text():
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*pip, "-r", str(wanted))
        installed.write_text(wanted.read_text())
    return str(python)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=WITHIN, capture_output=True, text=True)
