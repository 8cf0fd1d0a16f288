"""A program that was forked from supervisord is like one that an interpreter was started for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.system import PROJECT

BECOME = """
import ast, os, sys
from devtools.run.supervisord import Options
Options().execve("/bin/echo", ast.literal_eval(sys.argv[1]), os.environ | {"WHAT": "its own"})
"""


def become(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a process that becomes this program."""
    env = os.environ | {"SUPERVISOR_PROCESS_NAME": "it"}
    process = [sys.executable, "-c", BECOME, str(list(command))]
    return subprocess.run(process, cwd=PROJECT, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("last_line", "code", "words"),
    [
        ("", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit('no')", 1, "no\n"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
    ],
)
def test_a_program_ends_as_python_would_end(tmp_path: Path, last_line, code, words):
    file = tmp_path / "program.py"
    file.write_text(f"import atexit, sys\natexit.register(print, 'ended')\n{last_line}\n")
    ended = become("python", str(file))
    assert (ended.returncode, ended.stdout) == (code, "ended\n")
    assert ended.stderr.endswith(words)


def test_a_program_has_its_own_arguments_environment_niceness_and_name(tmp_path: Path):
    file = tmp_path / "program.py"
    said = "sys.argv[1:], os.environ['WHAT'], os.nice(0), open('/proc/self/comm').read()"
    file.write_text(f"import os, sys\nprint({said})\n")
    nice = os.nice(0) + 1
    ended = become("nice", "-n", "1", "python", str(file), "one")
    assert ended.stdout == f"['one'] its own {nice} it\n\n"


def test_any_other_program_is_executed():
    assert become("echo", "here").stdout == "here\n"
