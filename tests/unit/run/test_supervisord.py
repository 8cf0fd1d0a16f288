"""A program that was forked from supervisord is like one that an interpreter was started for."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from devtools import tour_locks
from devtools.run.forked import OF_THE_SHOP
from devtools.system import PROJECT

#: Prints what a fork would break, and what programs still import when they do their work.
PRELOADED = """
import json, sys
import psutil
from devtools.run.forked import preload
preload(sys.argv[1:])
before = set(sys.modules)
me = psutil.Process()
threads, files = me.num_threads(), [*me.open_files(), *me.net_connections("all")]
from billiard.util import set_pdeathsig
from django.urls import get_resolver
set_pdeathsig(15)
get_resolver().reverse_dict
print(json.dumps([threads, files, sorted(set(sys.modules) - before)]))
"""
#: Forks a process for each command, which becomes it, and prints how each ended.
BECOME = """
import ast, os, sys
from devtools.run.supervisord import Options

ended = []
for number, command in enumerate(ast.literal_eval(sys.argv[1])):
    if not (pid := os.fork()):
        for descriptor, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{number}.{name}", os.O_CREAT | os.O_WRONLY), descriptor)
        Options().execve("/bin/echo", command, os.environ | {"WHAT": "its own"})
    ended.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
print(ended)
"""


class Ended(NamedTuple):
    """How a program ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.mark.parametrize(
    ("settings", "modules"),
    [
        ("shop.settings", OF_THE_SHOP),
        (tour_locks.SETTINGS, (*OF_THE_SHOP, tour_locks.ADDRESSES)),
    ],
)
def test_all_that_programs_share_is_imported_before_they_are_forked(settings, modules):
    code = [sys.executable, "-c", PRELOADED, *modules]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": settings}
    run = subprocess.run(code, cwd=PROJECT, env=env, capture_output=True, text=True, check=True)
    threads, files, imported_later = json.loads(run.stdout)
    assert (threads, files) == (1, []), "a fork would break them"
    assert imported_later == []


WAYS = {
    "": (0, ""),
    "sys.exit(3)": (3, ""),
    "sys.exit('no')": (1, "no\n"),
    "1 / 0": (1, "ZeroDivisionError: division by zero\n"),
}
SAID = "sys.argv[1:], os.environ['WHAT'], os.nice(0), open('/proc/self/comm').read()"


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> list[Ended]:
    """How programs ended that forked processes became: those of `WAYS` first."""
    folder = tmp_path_factory.mktemp("programs")
    for number, last_line in enumerate(WAYS):
        text = f"import atexit, sys\natexit.register(print, 'ended')\n{last_line}\n"
        (folder / f"{number}.py").write_text(text)
    (folder / "said.py").write_text(f"import os, sys\nprint({SAID})\n")
    commands = [
        *(["python", f"{number}.py"] for number in range(len(WAYS))),
        ["nice", "-n", "1", "python", "said.py", "one"],
        ["echo", "here"],
    ]
    return become(commands, folder)


def become(commands: list[list[str]], folder: Path) -> list[Ended]:
    """Run a process for each of these that becomes it."""
    env = os.environ | {"SUPERVISOR_PROCESS_NAME": "it", "PYTHONPATH": str(PROJECT)}
    fork = [sys.executable, "-c", BECOME, str(commands)]
    run = subprocess.run(fork, cwd=folder, env=env, capture_output=True, text=True, check=True)
    return [
        Ended(code, *((folder / f"{number}.{name}").read_text() for name in ("out", "err")))
        for number, code in enumerate(ast.literal_eval(run.stdout))
    ]


@pytest.mark.parametrize("number", range(len(WAYS)), ids=WAYS)
def test_a_program_ends_as_python_would_end(number: int, ended: list[Ended]):
    code, words = list(WAYS.values())[number]
    assert (ended[number].code, ended[number].out) == (code, "ended\n")
    assert ended[number].err.endswith(words)


def test_a_program_has_its_own_arguments_environment_niceness_and_name(ended: list[Ended]):
    assert ended[-2].out == f"['one'] its own {os.nice(0) + 1} it\n\n"


def test_any_other_program_is_executed(ended: list[Ended]):
    assert ended[-1].out == "here\n"
