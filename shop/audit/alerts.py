"""The shop's rules for the console's alerts."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min

from eventbus.console.alerts.rules import count, in_words
from eventbus.console.hooks import Facts, Found, Rule
from orders import services as orders
from shop.audit.models import AuditRun


def _stuck_orders(_: Facts) -> Iterator[Found]:
    found = orders.stuck().aggregate(count=Count("pk"), first=Min("number"))
    if found["count"]:
        many = count(found["count"], "order is", "orders are")
        yield Found("", f"{many} stuck, such as {found['first']}")


def _broken_promise(_: Facts) -> Iterator[Found]:
    last = AuditRun.last()
    if last and last.error:
        yield Found("", f"the audit did not finish: {last.error}")
    for finding in last.broken if last else ():
        yield Found(str(finding["rule"])[:150], f"the audit found broken: {finding['rule']}")


RULES = [
    Rule(
        "stuck orders",
        "an order is not under way",
        lambda: in_words(settings.ALERT_ORDER_AGE),
        _stuck_orders,
        "search",
        "Open its story: who has not reacted to the last event",
    ),
    Rule(
        "audit failure",
        "rules are broken",
        lambda: "1",
        _broken_promise,
        "now",
        "Run another audit; if it finds the same, open the stories of the examples",
    ),
]
