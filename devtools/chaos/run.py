"""One run: a system, shoppers, a storm, calm, and the verdict."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

from devtools.chaos import report
from devtools.chaos.plan import Plan
from devtools.chaos.progress import Progress
from devtools.chaos.schedule import schedule
from devtools.chaos.settle import heal, settle
from devtools.chaos.stage import stage
from devtools.chaos.storm import Storm
from devtools.chaos.verdict import checks
from devtools.chaos.world import Broker, World


def run(state: Path, broker: Broker, plan: Plan, reports: Path) -> dict[str, Any]:
    """Carry out a plan; returns what the report says, in plain values."""
    django.setup()
    progress = Progress()
    progress.say("starting a system of its own")
    with stage(state, broker, plan) as world:
        return report.write(_weathered(world, plan, progress), reports)


def _weathered(world: World, plan: Plan, progress: Progress) -> report.Outcome:
    """Storm, calm and verdict."""
    seconds = plan.minutes * 60
    storm = Storm(world, schedule(plan.seed, seconds, plan.only), progress.say)
    began = time.time()
    progress.begin(f"{plan.orders} shoppers in {seconds:g} s, {storm.size} faults")
    world.load.start()
    storm.run(progress.began)
    world.load.wait()
    calm_at = progress.seconds
    progress.say(f"calm: {world.load.log.line()}")
    heal(world)
    settled = settle(world, progress.say_now_and_then)
    settled_at = progress.seconds
    progress.say("all is settled, auditing" if settled else "NOT settled, auditing")
    return report.Outcome(
        plan=asdict(plan),
        began=began,
        struck=storm.struck,
        calm_at=calm_at,
        settled_at=settled_at if settled else None,
        unreached=sorted(path.name for path in world.crashes.iterdir()),
        checks=checks(world),
        world=world,
    )
