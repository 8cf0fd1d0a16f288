"""Replay a trading day into a private system that is gone afterwards, and audit it.

Options of `manage.py replay_orders`, such as --stock 20, may follow the file. Exits with 0
when everything settled and every rule of the audit holds.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psutil

from devtools.interruption import end_in_order
from devtools.system import PROJECT, System, running_system, temporary_state


def main() -> int:
    """Run the command line; returns the exit status."""
    options, replay_options = _parser().parse_known_args()
    replay = [str(options.file.resolve()), *replay_options]
    if refusal := _refusal(options.json_to, replay):
        sys.exit(refusal)
    end_in_order()
    with _broker(options.broker) as broker, _private_system(**broker) as system:
        if options.json_to:
            return _replay_and_audit_to(options.json_to, system, replay)
        return _replay_and_audit(system, replay)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m devtools.replay_day",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", type=Path, help="the day, a file in UCI Online Retail's format")
    parser.add_argument(
        "--broker", choices=["valkey", "rabbitmq"], default="valkey", help="what carries the events"
    )
    parser.add_argument("--json-to", type=Path, help="write the figures and the audit there")
    return parser


def _refusal(json_to: Path | None, replay: list[str]) -> str:
    """Return why nothing can be replayed, before a system is started for nothing, or nothing."""
    if json_to and not json_to.parent.is_dir():
        return f"{json_to}: no such folder"
    django.setup()
    # They read models, which need Django to be set up.
    from devtools.management.commands.replay_orders import Command
    from devtools.replay.errors import ReplayError
    from devtools.replay.options import Options
    from devtools.replay.reading import read_rows

    try:
        given = Command().create_parser("manage.py", "replay_orders").parse_args(replay)
        Options.read(vars(given))
        read_rows(given.file)
    except ReplayError as error:
        return str(error)
    return ""


@contextmanager
def _broker(kind: str) -> Iterator[dict[str, str]]:
    """Yield the settings that name the broker; Valkey is the system's own."""
    if kind == "valkey":
        yield {}
        return
    # The others need not know where RabbitMQ is.
    from devtools.chaos.rabbitmq import rabbitmq

    with rabbitmq() as server:
        _say("RabbitMQ is up")
        yield {"BROKER_URL": server.url}
        memory = psutil.Process(server.pid).memory_info().rss // 2**20
        busy = sum(psutil.Process(server.pid).cpu_times()[:2])
        _say(f"RabbitMQ: {memory} MiB, {busy:.0f} s of processor time")


@contextmanager
def _private_system(**env: str) -> Iterator[System]:
    with temporary_state() as state:
        _say("starting a system of its own")
        # Nobody will read its logs.
        quiet = {"SHOP_RUN_EXCLUDE": "flower,demo", "LOG_LEVEL": "WARNING"}
        with running_system(state, PACKING_TIME="0", **quiet, **env) as system:
            _say(f"it serves {system.url}")
            yield system
            _say("stopping it")


def _replay_and_audit(system: System, replay: list[str]) -> int:
    return (
        _manage(system, ["replay_orders", *replay]).returncode
        or _manage(system, ["audit"]).returncode
    )


def _replay_and_audit_to(path: Path, system: System, replay: list[str]) -> int:
    replayed = _manage(system, ["replay_orders", *replay, "--json"], stdout=subprocess.PIPE)
    if replayed.returncode:
        return replayed.returncode
    audited = _manage(system, ["audit", "--json"], stdout=subprocess.PIPE)
    results = {"replay": json.loads(replayed.stdout), "audit": json.loads(audited.stdout)}
    path.write_text(json.dumps(results, indent=2) + "\n")
    figures, verdict = results["replay"], "clean" if results["audit"]["ok"] else "BROKEN RULES"
    _say(
        f"settled in {figures['seconds']} s: {figures['completed']} completed, "
        f"{figures['cancelled']} cancelled, {figures['refunded']} refunded, "
        f"{figures['open']} open, {figures['failed_reactions']} failed reactions; audit: {verdict}"
    )
    _say(f"written: {path}")
    return audited.returncode


def _manage(
    system: System, arguments: list[str], stdout: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` where everybody sees how far it is."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=system.env, stdout=stdout, text=True)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
