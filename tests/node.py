"""Programs of Node that a test runs, with the packages that their lock file names."""

import fcntl
import shutil
import subprocess
from pathlib import Path

#: npm writes here what it has installed.
INSTALLED = "node_modules/.package-lock.json"


def installed(folder: Path) -> Path:
    """Return a folder whose packages are installed as its lock file says.

    Raises CalledProcessError, or FileNotFoundError where there is no npm.
    """
    lock, done = folder / "package-lock.json", folder / INSTALLED
    with lock.open() as file:
        # Several workers may run tests that need it.
        fcntl.flock(file, fcntl.LOCK_EX)
        if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
            npm = shutil.which("npm")
            if npm is None:
                raise FileNotFoundError("npm is missing: apt-get install npm")
            subprocess.run([npm, "ci", "--no-progress"], cwd=folder, check=True)
            done.touch()
    return folder
