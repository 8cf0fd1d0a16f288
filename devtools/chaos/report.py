"""The report of a run: figures for machines, a page with a timeline for people."""

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from devtools.chaos.checks import Check
from devtools.chaos.fault_injector import InjectedFault
from devtools.chaos.faults.upgrade import NEWER, NEWER_FIELD, NEWER_REACTION
from devtools.chaos.html_report import html_report
from devtools.chaos.system_under_test import SystemUnderTest

#: Orders whose event has the field that only newer code knows.
_NEWER = f"""
    select count(*) from eventbus_outboxevent
    where type = 'orders.OrderPlaced' and data ? '{NEWER_FIELD}'
"""
#: Reactions by newer code: to events that it alone can read, and that it alone has.
_BY_NEWER = f"""
    select e.type || ' ' || e.version || ' -> ' || d.app || '.' || d.reaction,
        count(*)
    from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
    where ({NEWER} or d.reaction = '{NEWER_REACTION}') and d.state = 'done'
    group by 1 order by 1
"""


@dataclass
class Outcome:
    """Everything a run has come to; times are seconds from its start."""

    options: dict[str, Any]
    #: on the clock of the world
    began: float
    injected: list[InjectedFault]
    calm_at: float
    settled_at: float | None
    unreached: list[str]
    checks: list[Check]
    sut: SystemUnderTest

    @property
    def ok(self) -> bool:
        return self.settled_at is not None and all(check.ok for check in self.checks)


def write(outcome: Outcome, folder: Path) -> dict[str, Any]:
    """Write both and print the checks; returns the figures."""
    figures = _figures(outcome)
    folder.mkdir(parents=True, exist_ok=True)
    run = f"{outcome.options['broker']}-{outcome.options['seed']}"
    name = f"report-{run}"
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
    (folder / f"{name}.html").write_text(
        html_report(figures, _seconds(outcome, "placed_at"), _seconds(outcome, "ended_at"))
    )
    _tell(outcome)
    # The system's folder is gone when somebody asks why.
    logs = folder / f"log-{run}"
    shutil.copytree(outcome.sut.system.state / "log", logs, dirs_exist_ok=True)
    sys.stderr.write(f"report: {folder / name}.html, the programs' logs beside it\n")
    return figures


def _tell(outcome: Outcome) -> None:
    if outcome.unreached:
        sys.stderr.write(f"nobody got to {', '.join(outcome.unreached)}\n")
    for check in outcome.checks:
        sys.stderr.write(f"{'ok  ' if check.ok else 'FAIL'} {check.checked:>8}  {check.name}\n")
        sys.stderr.writelines(f"               {found}\n" for found in check.found[:10])


def _figures(outcome: Outcome) -> dict[str, Any]:
    log, mail = outcome.sut.load.log, outcome.sut.mail
    return {
        "ok": outcome.ok,
        **outcome.options,
        "placed": len(log.placed),
        "refused": log.refused,
        "unanswered": log.unanswered,
        "ends": dict(outcome.sut.rows("select state, count(*) from orders_order group by 1")),
        "reactions": outcome.sut.rows("select count(*) from eventbus_delivery")[0][0],
        "sent_again": outcome.sut.rows("select sum(sends) from eventbus_delivery")[0][0],
        "by_newer_code": outcome.sut.rows(_NEWER)[0][0],
        "reactions_by_newer_code": dict(outcome.sut.rows(_BY_NEWER)),
        "mails": mail.taken,
        "mail_copies": mail.copies,
        "calm_at": round(outcome.calm_at, 1),
        "settled_at": outcome.settled_at and round(outcome.settled_at, 1),
        "unreached": outcome.unreached,
        "faults": [_fault(injected, outcome.calm_at) for injected in outcome.injected],
        "checks": [asdict(check) | {"ok": check.ok} for check in outcome.checks],
    }


def _seconds(outcome: Outcome, column: str) -> list[float]:
    """Return when orders were placed or ended, in seconds from the start."""
    query = f"select extract(epoch from {column}) from orders_order where {column} is not null"
    return [float(row[0]) - outcome.began for row in outcome.sut.rows(query)]


def _fault(injected: InjectedFault, calm_at: float) -> dict[str, Any]:
    ended = calm_at if injected.event.fault.lasts else injected.ended or injected.began
    return {
        "fault": injected.event.fault.name,
        "target": injected.event.target,
        "began": round(injected.began, 1),
        "ended": round(ended, 1),
        "trouble": injected.trouble,
    }
