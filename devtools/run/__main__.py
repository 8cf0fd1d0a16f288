"""Run the whole shop on this machine until Ctrl-C: servers, web, relay, workers, Flower.

Everything it keeps is in SHOP_STATE, one log per process under `log/`. What to leave out
stands in SHOP_RUN_EXCLUDE, names by comma: web, relay, flower, an app, demo (its data), or tour.
"""

import argparse
import os
import signal
import socket
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from shutil import rmtree
from typing import Any, NoReturn, TextIO

import psutil

from devtools import tour_locks
from devtools.embedded import PRIVATE, make_run_folder, postgres, write_environment
from devtools.inbound_programs import NAMES as INBOUND
from devtools.run.forked import OF_THE_SHOP, preload
from devtools.run.lock import only_one
from devtools.run.log_rotation import LogRotation
from devtools.run.output import Output, tail
from devtools.run.readiness import Readiness
from devtools.run.setup_steps import SetupSteps
from devtools.run.startup import SETUP_STEPS, NotReady, Startup
from devtools.run.supervisor import Supervisor, write_workers
from devtools.run.supervisord import launch
from shop import process_tree, production
from shop.environment import BASE_DIR, read_environment

#: What ends us.
SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: Seconds a program is given beyond what it takes by itself, before supervisord kills it.
LEAVE = 1
#: Seconds supervisord has beyond that to end the servers too; what is left then is killed.
GRACE = 4.5

# Not from the settings: they are imported when it is written down where the servers are.
env = read_environment()
STATE = env.shop_state.resolve()
LOGS = STATE / "log"
EXCLUDED = frozenset(env.shop_run_exclude.split(","))
APPS = [name for name in ("web", "relay", "flower", *env.worker_modules) if name not in EXCLUDED]
EMBEDDED = {"postgres": not env.database_url, "valkey": not env.broker_url}
#: A tour needs the demo's logins and goods, and nobody else who could come in.
HAS_TOUR = not ({"web", "demo", "tour"} & EXCLUDED or tour_locks.hindrances(env))
SERVERS = [name for name, embedded in EMBEDDED.items() if embedded]

#: Where this machine reaches what listens on all its addresses.
HOST = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(env.shop_host, env.shop_host)
SHOP = f"http://{HOST}:{env.shop_port}/"
FLOWER = f"http://127.0.0.1:{env.flower_port}/"


def main() -> None:
    _parser().parse_args()
    # All programs have it from us: what they log and keep is about people.
    os.umask(PRIVATE)
    try:
        with only_one(STATE, SHOP) as lock:
            _refuse_wrong_choice()
            _refuse_taken_ports()
            for number in SIGNALS:
                signal.signal(number, _end)
            _run(lock)
    except TimeoutError as error:
        raise SystemExit(str(error)) from error
    except NotReady as error:
        ends = (f"{LOGS / name}.log ends:\n\n{tail(LOGS, name)}" for name in error.names)
        raise SystemExit("\n\n".join((f"\n{error}", *ends))) from error


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="python -m devtools.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _end(*_: Any) -> NoReturn:
    _ignore_signals()
    raise SystemExit(0)


def _ignore_signals() -> None:
    """Ignore further signals: one that comes while we end in order would leave things behind."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _refuse_wrong_choice() -> None:
    """Raise SystemExit if SHOP_RUN_EXCLUDE names nothing of ours, or one port is to serve two."""
    known = {"web", "relay", "flower", "demo", "tour", *INBOUND, *env.worker_modules}
    if unknown := sorted(EXCLUDED - known - {""}):
        names = ", ".join(unknown)
        raise SystemExit(f"SHOP_RUN_EXCLUDE: {names}: not one of {', '.join(sorted(known))}")
    if production.is_production(env) and "demo" not in EXCLUDED:
        raise SystemExit("SHOP_RUN_EXCLUDE: must name demo, whose passwords everybody knows")
    if env.shop_port == env.flower_port and {"web", "flower"} <= set(APPS):
        raise SystemExit(f"SHOP_PORT and FLOWER_PORT are both {env.shop_port}: set one to another")


def _refuse_taken_ports() -> None:
    """Raise SystemExit if another program listens where ours shall: its answers would fool us."""
    if "web" in APPS:
        _refuse_taken(env.shop_host, env.shop_port, "SHOP_PORT")
    if "flower" in APPS:
        _refuse_taken("127.0.0.1", env.flower_port, "FLOWER_PORT")


def _refuse_taken(host: str, port: int, variable: str) -> None:
    version = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=version).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise SystemExit(f"{host}:{port}: {reason}; set {variable} to another port") from error


def _run(lock: TextIO) -> None:
    run = make_run_folder(STATE)
    write_environment(STATE, SERVERS)
    for folder in ("ready", tour_locks.FOLDER):
        rmtree(run / folder, ignore_errors=True)
    LOGS.mkdir(exist_ok=True)
    _close(LOGS)
    process_tree.become_subreaper()
    with closing(Output(LOGS, ("supervisord", *APPS))) as output:
        is_ready = Readiness(STATE, {"web": SHOP, "flower": FLOWER})
        startup = Startup(is_ready, env.shop_ready_within, output)
        if HAS_TOUR:
            os.environ["DJANGO_SETTINGS_MODULE"] = tour_locks.SETTINGS
        preload([*OF_THE_SHOP, *([tour_locks.ADDRESSES] if HAS_TOUR else [])])
        process = _launch(lock, run)
        steps = SetupSteps(LOGS / f"{SETUP_STEPS}.log", _unneeded_steps())
        try:
            _bring_up(startup, Supervisor(run), process, steps, output)
            output.say(_ready_line())
            process_tree.wait_for_exit(process.pid)
            raise NotReady(["supervisord"], "has ended")
        finally:
            _ignore_signals()
            output.say(f"ended; the last process after {_end_all(process):.1f} s")


def _close(folder: Path) -> None:
    """Close what was made there under another umask."""
    folder.chmod(0o700)
    for file in folder.iterdir():
        file.chmod(0o600)


def _launch(lock: TextIO, run: Path) -> psutil.Process:
    write_workers(run, env.worker_modules, env.worker_concurrency, env.log_level)
    # supervisord takes a % in its own logs' path for a name; what leads there has none.
    logs = run / "log"
    logs.unlink(missing_ok=True)
    logs.symlink_to(LOGS)
    log = LOGS / "supervisord.log"
    return launch(BASE_DIR / "supervisord.conf", log, lock, environment(run))


def _end_all(supervisord: psutil.Process) -> float:
    """End every process below us; return how many seconds it took."""
    began = time.monotonic()
    with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
        supervisord.terminate()
        supervisord.wait(env.shop_stop_within + LEAVE + GRACE)
    process_tree.kill_all()
    return time.monotonic() - began


def environment(run: Path) -> dict[str, str]:
    """Return what `supervisord.conf` and the programs read from the environment."""
    return {
        # The programs are started as `python`: the one that runs us.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "SHOP_STATE": str(STATE),
        "SHOP_RUN": str(run),
        "SHOP_HOST": env.shop_host,
        "SHOP_PORT": str(env.shop_port),
        "SHOP_STOP_WITHIN": str(env.shop_stop_within),
        "SHOP_STOP_LIMIT": str(env.shop_stop_within + LEAVE),
        "FLOWER_PORT": str(env.flower_port),
        "FLOWER_BASIC_AUTH": f"flower:{env.flower_password}",
    }


def _bring_up(
    startup: Startup,
    supervisor: Supervisor,
    process: psutil.Process,
    steps: SetupSteps,
    output: Output,
) -> None:
    startup.wait_for(supervisor, process)
    output.start()
    startup.start(supervisor, SERVERS)
    if "postgres" in SERVERS:
        postgres.create_database(STATE)
    startup.run_setup_steps(steps)
    startup.start(supervisor, [*APPS, *({*INBOUND} & supervisor.programs().keys() - EXCLUDED)])
    LogRotation(LOGS, supervisor, env.keep_logs).start()


def _unneeded_steps() -> set[str]:
    """Return the steps whose work is of no use without the programs that run."""
    steps = {"demo": "load_demo", "web": "collectstatic"}
    return {step for name, step in steps.items() if name in EXCLUDED}


def _ready_line() -> str:
    places = {
        "web": f"shop {SHOP} (customer@shop.example / customer) · "
        f"admin {SHOP}admin/ (staff / staff) · mails {SHOP}mails/",
        "flower": f"flower {FLOWER} (flower / {env.flower_password})",
    }
    tour = [f"try to break it: {SHOP}console/tour/ (operator / operator)"] if HAS_TOUR else []
    shown = (text for name, text in places.items() if name in APPS)
    return " · ".join(["ready", *shown, *tour])


if __name__ == "__main__":
    main()
