"""The audit's rules: each promise as a query over the tables of all apps.

This is the one place that reads every app's tables, and it only reads. A safety rule (nothing
charged twice, nothing oversold) holds at every moment and is checked for every order. A rule
that compares the data of two apps holds once both have reacted to everything, and is checked
for settled orders: those without open deliveries.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from shop.audit.rules import completion, invoices, money, people, points, promotions, refunds, stock
from shop.audit.rules.coverage import ReactionCounts, check_coverage, count_reactions
from shop.audit.rules.rule import Finding

__all__ = ["Finding", "ReactionCounts", "as_json", "audit", "checks", "count_reactions"]


def audit() -> Iterator[Finding]:
    """Check every rule, one after the other."""
    for check in checks(count_reactions()):
        yield check()


def checks(counted: ReactionCounts) -> list[Callable[[], Finding]]:
    """Return a function for each rule that checks it; `counted` was counted at the beginning."""
    groups = (money, refunds, invoices, promotions, points, stock, completion, people)
    return [
        partial(check_coverage, counted),
        *(rule.check for group in groups for rule in group.RULES),
    ]


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """Return the whole result in plain values."""
    return {"ok": all(f.ok for f in findings), "rules": [asdict(f) for f in findings]}
