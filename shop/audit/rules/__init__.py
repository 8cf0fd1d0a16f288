"""The proof counter: each promise as a query over what all apps have written.

The one place that reads every app's tables, and it only reads. A rule about
safety (nothing charged twice, nothing oversold) holds at every moment and is
checked for every order. A rule that compares two apps' books holds once both
have heard of everything, and is checked for the orders nobody is still to
react to.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from shop.audit.rules import ends, goods, invoices, money, people, points, promotions, refunds
from shop.audit.rules.finding import Finding
from shop.audit.rules.reach import Counts, counts, reached

__all__ = ["Counts", "Finding", "as_json", "audit", "counts", "slices"]


def audit() -> Iterator[Finding]:
    """Every rule's finding, one after the other."""
    for find in slices(counts()):
        yield find()


def slices(counted: Counts) -> list[Callable[[], Finding]]:
    """What finds out about each rule, by itself; `counted` is what was counted at the beginning."""
    kinds = (money, refunds, invoices, promotions, points, goods, ends, people)
    return [partial(reached, counted), *(query.find for kind in kinds for query in kind.RULES)]


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """The whole result in plain values."""
    return {"ok": all(f.ok for f in findings), "rules": [asdict(f) for f in findings]}
