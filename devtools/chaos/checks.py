"""The checks after a run: the audit, the shoppers' own log, and the mails that arrived."""

import json
from dataclasses import dataclass

from devtools.chaos.faults.messages import POISON
from devtools.chaos.faults.upgrade import NEWER, UPGRADED
from devtools.chaos.shopper import DOMAIN
from devtools.chaos.system_under_test import SystemUnderTest


@dataclass(frozen=True)
class Check:
    """A check: how much was looked at, and the violations found."""

    name: str
    checked: int
    found: list[str]

    @property
    def ok(self) -> bool:
        return not self.found


_TWICE = "select email from orders_order group by email having count(*) > 1"
_NOT_ENDED = "select number || ' is ' || state from orders_order where ended_at is null"
_PARKED = f"""
    select e.type || ' -> ' || d.app || '.' || d.reaction || ': ' ||
        regexp_replace(right(d.error, 300), E'\\n', ' ', 'g')
    from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
    where d.state = 'parked' and e.type <> '{POISON}'
"""
#: What only newer code can read, and of it what an app has no reaction to that is done.
_NEWER = f"select e.type || ' ' || e.id from eventbus_outboxevent e where {NEWER}"
_NOT_TAKEN = f"""
    {_NEWER} and {len(UPGRADED)} > (
        select count(distinct app) from eventbus_delivery d
        where d.event_id = e.id and app in {UPGRADED} and state = 'done'
    )
"""
_OVERSOLD = """
    select sku from inventory_stock
    where least(on_hand - coalesce(floor, on_hand), reserved, sold) < 0
"""


def checks(sut: SystemUnderTest) -> list[Check]:
    """Run every check, the audit's first."""
    log = sut.load.log
    ids = {str(row[0]) for row in sut.rows("select id from orders_order")}
    newer = _column(sut, _NEWER)
    lost = [f"{order}: {log.placed[order].email}" for order in set(log.placed) - ids]
    return [
        *_audit(sut),
        Check("every shopper was told how it went", sut.load.shoppers, log.unanswered),
        Check("every order that was answered with success exists", len(log.placed), lost),
        Check("no shopper has two orders", len(ids), _column(sut, _TWICE)),
        Check("every order has ended", len(ids), _column(sut, _NOT_ENDED)),
        Check("nothing is parked but the poison", len(ids), _column(sut, _PARKED)),
        Check("newer code took what only it knows", len(newer), _column(sut, _NOT_TAKEN)),
        Check("nothing is oversold", 2, _column(sut, _OVERSOLD)),
        Check("no mail twice", sut.mail.taken, sut.mail.doubled(DOMAIN)),
    ]


def _audit(sut: SystemUnderTest) -> list[Check]:
    done = sut.system.manage("audit", "--json")
    try:
        rules = json.loads(done.stdout)["rules"]
    except ValueError:
        return [Check("the audit runs", 1, [done.stderr[-500:]])]
    return [Check(r["rule"], r["checked"], _broken(r)) for r in rules]


def _broken(rule: dict) -> list[str]:
    named = rule["examples"]
    return named or ["?"] * rule["violations"]


def _column(sut: SystemUnderTest, query: str) -> list[str]:
    return [str(row[0]) for row in sut.rows(query)]
