"""The process manager: what it is to run, and asking it about its programs."""

import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.states import RUNNING_STATES, STOPPED_STATES, ProcessStates
from supervisor.xmlrpc import SupervisorTransport

from devtools.inbound_programs import inbound_programs
from devtools.run.priorities import LEADING_ON, niceness

#: A program that there is or is not, with the settings those of `supervisord.conf` have.
PROGRAM = """\
[program:{name}]
command = nice -n {niceness} python {command}
stopwaitsecs = %(ENV_SHOP_STOP_LIMIT)s
autostart = false
autorestart = true
startretries = 1000000
redirect_stderr = true
stdout_logfile = %(ENV_SHOP_RUN)s/log/%(program_name)s.log
stdout_logfile_maxbytes = 5MB
stdout_logfile_backups = 3
killasgroup = true

"""
WORKER = """\
-m celery -q -A {module} worker -n {app}@%%h
    --concurrency {concurrency} --loglevel {level} --without-gossip --without-mingle -E"""
GROUP = """\
[group:apps]
programs = {names}
priority = 2
"""


@dataclass(frozen=True)
class Program:
    """What supervisord says of one program."""

    name: str
    group: str
    pid: int
    state: int

    @property
    def runs(self) -> bool:
        return self.state in RUNNING_STATES

    @property
    def given_up(self) -> bool:
        return self.state == ProcessStates.FATAL

    @property
    def id(self) -> str:
        """Return the name supervisorctl knows it by."""
        return f"{self.group}:{self.name}"


class Supervisor:
    """A running supervisord, spoken to over the socket in its run folder."""

    def __init__(self, run: Path) -> None:
        self._url = f"unix://{run}/supervisor.sock"

    @property
    def _rpc(self) -> Any:
        # A new connection each time: one that broke once is of no use any more.
        transport: Any = SupervisorTransport(None, None, self._url)
        return xmlrpc.client.ServerProxy("http://localhost", transport).supervisor

    def answers(self) -> bool:
        try:
            return bool(self._rpc.getPID())
        except (OSError, xmlrpc.client.Fault):
            return False

    def programs(self) -> dict[str, Program]:
        """Return every program by its name."""
        fields = Program.__dataclass_fields__
        infos = self._rpc.getAllProcessInfo()
        return {info["name"]: Program(**{field: info[field] for field in fields}) for info in infos}

    def start(self, names: Iterable[str]) -> None:
        """Start programs without waiting for them."""
        programs = self.programs()
        for name in names:
            self._rpc.startProcess(programs[name].id, False)

    def clear_log(self, name: str) -> None:
        """Empty a program's log."""
        self._rpc.clearProcessLogs(self.programs()[name].id)

    def stop(self, names: Iterable[str]) -> None:
        """Stop programs without waiting for them."""
        programs = self.programs()
        for name in names:
            self._rpc.stopProcess(programs[name].id, False)

    def have_stopped(self, names: Iterable[str]) -> bool:
        """Tell whether all of these programs have ended."""
        programs = self.programs()
        return all(programs[name].state in STOPPED_STATES for name in names)


def write_workers(run: Path, modules: Mapping[str, str], concurrency: int, level: str) -> None:
    """Write the part of the configuration that depends on which apps there are, by name.

    What takes in foreign events is among it. Django is set up by then.
    """
    programs = {
        app: PROGRAM.format(
            name=app,
            niceness=niceness(app),
            command=WORKER.format(app=app, module=module, concurrency=concurrency, level=level),
        )
        for app, module in modules.items()
    }
    for name, command in inbound_programs().items():
        programs[name] = PROGRAM.format(
            name=name, niceness=LEADING_ON, command=f"manage.py {command}"
        )
    group = GROUP.format(names=",".join(("web", "relay", "flower", "tour", *programs)))
    (run / "apps.conf").write_text("".join((*programs.values(), group)))
