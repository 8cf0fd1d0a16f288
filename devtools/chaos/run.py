"""One run: a system, shoppers, faults, recovery, and the checks."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

from devtools.chaos import report
from devtools.chaos.checks import checks
from devtools.chaos.drain import drain, recover
from devtools.chaos.environment import chaos_environment
from devtools.chaos.fault_injector import FaultInjector
from devtools.chaos.options import Options
from devtools.chaos.progress import Progress
from devtools.chaos.schedule import schedule
from devtools.chaos.system_under_test import Broker, SystemUnderTest


def run(state: Path, broker: Broker, options: Options, reports: Path) -> dict[str, Any]:
    """Run with these options; returns the report's figures, in plain values."""
    django.setup()
    progress = Progress()
    progress.say("starting a system of its own")
    with chaos_environment(state, broker, options) as sut:
        return report.write(_run(sut, options, progress), reports)


def _run(sut: SystemUnderTest, options: Options, progress: Progress) -> report.Outcome:
    """Inject the faults, recover, drain and check."""
    seconds = options.minutes * 60
    injector = FaultInjector(sut, schedule(options.seed, seconds, options.only), progress.say)
    began = time.time()
    progress.begin(f"{options.orders} shoppers in {seconds:g} s, {injector.size} faults")
    sut.load.start()
    injector.run(progress.began)
    sut.load.wait()
    calm_at = progress.seconds
    progress.say(f"calm: {sut.load.log.line()}")
    recover(sut)
    settled = drain(sut, progress.say_now_and_then)
    settled_at = progress.seconds
    progress.say("all is settled, auditing" if settled else "NOT settled, auditing")
    return report.Outcome(
        options=asdict(options),
        began=began,
        injected=injector.injected,
        calm_at=calm_at,
        settled_at=settled_at if settled else None,
        unreached=sorted(path.name for path in sut.crashes.iterdir()),
        checks=checks(sut),
        sut=sut,
    )
