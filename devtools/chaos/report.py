"""The report of a run: figures for machines, a page with a timeline for people."""

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from devtools.chaos.faults.upgrade import NEWER_FIELD
from devtools.chaos.page import page
from devtools.chaos.storm import Struck
from devtools.chaos.verdict import Check
from devtools.chaos.world import World

#: Orders whose event has the field that only newer code knows.
_NEWER = f"""
    select count(*) from eventbus_outboxevent
    where type = 'orders.OrderPlaced' and data ? '{NEWER_FIELD}'
"""


@dataclass
class Outcome:
    """Everything a run has come to; times are seconds from its start."""

    plan: dict[str, Any]
    #: on the clock of the world
    began: float
    struck: list[Struck]
    calm_at: float
    settled_at: float | None
    unreached: list[str]
    checks: list[Check]
    world: World

    @property
    def ok(self) -> bool:
        return self.settled_at is not None and all(check.ok for check in self.checks)


def write(outcome: Outcome, folder: Path) -> dict[str, Any]:
    """Write both and print the verdict; returns the figures."""
    figures = _figures(outcome)
    folder.mkdir(parents=True, exist_ok=True)
    run = f"{outcome.plan['broker']}-{outcome.plan['seed']}"
    name = f"report-{run}"
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
    (folder / f"{name}.html").write_text(
        page(figures, _seconds(outcome, "placed_at"), _seconds(outcome, "ended_at"))
    )
    _tell(outcome)
    # The system's folder is gone when somebody asks why.
    logs = folder / f"log-{run}"
    shutil.copytree(outcome.world.system.state / "log", logs, dirs_exist_ok=True)
    sys.stderr.write(f"report: {folder / name}.html, the programs' logs beside it\n")
    return figures


def _tell(outcome: Outcome) -> None:
    if outcome.unreached:
        sys.stderr.write(f"nobody got to {', '.join(outcome.unreached)}\n")
    for check in outcome.checks:
        sys.stderr.write(f"{'ok  ' if check.ok else 'FAIL'} {check.checked:>8}  {check.name}\n")
        sys.stderr.writelines(f"               {found}\n" for found in check.found[:10])


def _figures(outcome: Outcome) -> dict[str, Any]:
    log, mail = outcome.world.load.log, outcome.world.mail
    return {
        "ok": outcome.ok,
        **outcome.plan,
        "placed": len(log.placed),
        "refused": log.refused,
        "unanswered": log.unanswered,
        "ends": dict(outcome.world.rows("select state, count(*) from orders_order group by 1")),
        "reactions": outcome.world.rows("select count(*) from eventbus_delivery")[0][0],
        "sent_again": outcome.world.rows("select sum(sends) from eventbus_delivery")[0][0],
        "by_newer_code": outcome.world.rows(_NEWER)[0][0],
        "mails": mail.taken,
        "mail_copies": mail.copies,
        "calm_at": round(outcome.calm_at, 1),
        "settled_at": outcome.settled_at and round(outcome.settled_at, 1),
        "unreached": outcome.unreached,
        "faults": [_fault(struck, outcome.calm_at) for struck in outcome.struck],
        "checks": [asdict(check) | {"ok": check.ok} for check in outcome.checks],
    }


def _seconds(outcome: Outcome, column: str) -> list[float]:
    """When orders were placed or ended, in seconds from the start."""
    query = f"select extract(epoch from {column}) from orders_order where {column} is not null"
    return [float(row[0]) - outcome.began for row in outcome.world.rows(query)]


def _fault(struck: Struck, calm_at: float) -> dict[str, Any]:
    ended = calm_at if struck.strike.fault.lasts else struck.ended or struck.began
    return {
        "fault": struck.strike.fault.name,
        "target": struck.strike.target,
        "began": round(struck.began, 1),
        "ended": round(ended, 1),
        "trouble": struck.trouble,
    }
