#!/usr/bin/env python
"""Run the town here until Ctrl-C: servers, a relay, a worker for each app, the page, riders."""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from runner import servers
from runner.programs import Programs
from runner.servers import CHECKOUT, HERE

APPS = ("rides", "matching", "surge", "fraud", "analytics")
PYTHON = sys.executable
#: Seconds in which a server or the page must answer, and between two looks at what runs.
ANSWERS_WITHIN, LOOK_EVERY = 60.0, 0.2


def main() -> None:
    options = _options()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    state = options.state.resolve()
    with _alone(state):
        _refuse_taken(options.port)
        programs = Programs(state / "log", switches=state / "off")
        try:
            _start(programs, state, options)
            _say(f"ready  http://127.0.0.1:{options.port}/  logs: {state / 'log'}")
            _keep(programs)
        except KeyboardInterrupt:
            _say("ends")
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _end(programs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--port", type=_up_to(65535), default=8100, help="of the page; default 8100"
    )
    parser.add_argument(
        "--state", type=Path, default=CHECKOUT / "var" / "rides", help="where all is kept"
    )
    parser.add_argument(
        "--rides", type=_up_to(100_000), default=1000, help="that riders ask for; 0: none"
    )
    parser.add_argument("--cars", type=_up_to(22), default=18, help="on the road; at most 22")
    return parser.parse_args()


def _up_to(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) > most:
            raise argparse.ArgumentTypeError(f"{text}: give a number from 0 to {most}")
        return int(text)

    return number


def _start(programs: Programs, state: Path, options: argparse.Namespace) -> None:
    own = os.environ | {"SHOP_STATE": str(state), "DATABASE_URL": "", "BROKER_URL": ""}
    for name, command in servers.commands(os.environ).items():
        programs.start(name, command, CHECKOUT, own)
    # The folder of the sockets is theirs to make, and may be elsewhere than it seems.
    where = partial(servers.addresses, state, os.environ)
    _wait(lambda: servers.database_answers(where()), "PostgreSQL", programs)
    _wait(lambda: servers.broker_answers(where()), "the broker", programs)
    environment = os.environ | where() | _project(state, programs.switches)
    opening = _manage("open_town", f"--cars={options.cars}")
    programs.start("setup", opening, HERE, environment, once=True)
    if programs.finish("setup"):
        raise SystemExit(f"the town does not open:\n{programs.log('setup')}")
    for name, command in _commands(options).items():
        programs.start(name, command, HERE, environment, once=name == "riders")
    _wait(lambda: _page_answers(options.port), "the page", programs)


def _project(state: Path, switches: Path) -> dict[str, str]:
    """Return the variables of our own programs, to which of the checkout the bus alone is known."""
    path = state / "path"
    path.mkdir(parents=True, exist_ok=True)
    if find_spec("eventbus") is None and not (path / "eventbus").exists():
        (path / "eventbus").symlink_to(CHECKOUT / "eventbus")
    return {
        "DJANGO_SETTINGS_MODULE": "web.settings",
        "RIDES_SWITCHES": str(switches),
        "PYTHONPATH": os.pathsep.join([str(HERE), str(path)]),
    }


def _commands(options: argparse.Namespace) -> dict[str, list[str]]:
    uvicorn = ["uvicorn", "web.asgi:application", "--no-access-log", "--lifespan=off"]
    address = ["--host=127.0.0.1", f"--port={options.port}", "--timeout-graceful-shutdown=1"]
    workers = {app: [PYTHON, "-m", "celery", "-A", app, "worker"] for app in APPS}
    riders = {"riders": _manage("send_riders", f"--rides={options.rides}")}
    return {
        "relay": _manage("relay"),
        **workers,
        "web": [PYTHON, "-m", *uvicorn, *address],
        **(riders if options.rides else {}),
    }


def _manage(*words: str) -> list[str]:
    return [PYTHON, "manage.py", *words]


def _keep(programs: Programs) -> None:
    """Keep everything running but what is switched off."""
    while True:
        programs.keep()
        time.sleep(LOOK_EVERY)


def _end(programs: Programs) -> None:
    """End our programs first, then the servers that they need."""
    own = [name for name in programs.names if name not in ("postgres", "valkey")]
    programs.end(*own)
    # TERM would have PostgreSQL wait until every client has gone.
    programs.end("postgres", by=signal.SIGINT)
    programs.end("valkey")


def _wait(answers: Callable[[], bool], what: str, programs: Programs) -> None:
    give_up = time.monotonic() + ANSWERS_WITHIN
    while not answers():
        programs.keep()
        if time.monotonic() > give_up:
            raise SystemExit(f"{what} does not answer; its log is in the state folder")
        time.sleep(LOOK_EVERY)


def _page_answers(port: int) -> bool:
    # No proxy that the environment may name is asked.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _refuse_taken(port: int) -> None:
    """Raise SystemExit if somebody else listens there."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise SystemExit(f"port {port}: {error.strerror}; choose another with --port") from error


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the state folder: one town at a time. Raises SystemExit while another one runs."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise SystemExit(
            f"{state}: {error.strerror}; choose another folder with --state"
        ) from error
    with lock as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"a town runs already from {state}") from None
        yield


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
