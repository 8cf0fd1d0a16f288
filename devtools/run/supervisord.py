"""supervisord, forked from `make run`, whose Python programs are forked from it in turn.

A program that is `python` in `supervisord.conf` runs in the forked process itself, where
supervisord would start another interpreter: imports are done once, and their memory is shared.
"""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

import psutil
from supervisor import supervisord
from supervisor.options import ServerOptions

from devtools.run import forked
from shop import process_tree


class Options(ServerOptions):
    """What supervisord asks of the operating system."""

    def execve(self, filename: str, argv: Sequence[str], env: Mapping[str, str]) -> None:
        """Become the program in this process, which was forked for it."""
        nice, command = _niceness(argv)
        if command[0] != "python":
            super().execve(filename, argv, env)
        os.nice(nice)
        process_tree.set_name(env["SUPERVISOR_PROCESS_NAME"])
        forked.become(command[1:], env)


def _niceness(argv: Sequence[str]) -> tuple[int, Sequence[str]]:
    """Return what `nice -n` says before a command, and the command."""
    return (int(argv[2]), argv[3:]) if argv[0] == "nice" else (0, argv)


def launch(
    configuration: Path, log: Path, lock: TextIO, environment: Mapping[str, str]
) -> psutil.Process:
    """Fork supervisord, into the foreground of a session of its own.

    So Ctrl-C reaches only us, and we end it in order. It holds `lock` as long as it lives. No
    thread may run yet, and what was preloaded is shared.
    """
    return psutil.Process(
        forked.fork(partial(_become_supervisord, configuration, log, lock, environment))
    )


def _become_supervisord(
    configuration: Path, log: Path, lock: TextIO, environment: Mapping[str, str]
) -> None:
    os.setsid()
    os.dup2(lock.fileno(), 0)
    with log.open("ab") as output:
        forked.print_to(output.fileno())
    os.chdir(configuration.parent)
    os.environ |= environment
    process_tree.set_name("supervisord")
    supervisord.ServerOptions = Options
    supervisord.main(["-c", str(configuration)])
