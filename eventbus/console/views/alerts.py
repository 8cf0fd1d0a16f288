"""The alerts: open ones, past ones, the rules, and a test of the ways out."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.alerts.rules import all_rules
from eventbus.console.alerts.trial import ALERTS, TooSoon, send_test
from eventbus.console.alerts.ways import ways
from eventbus.console.models import Alert
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import OperatorAction
from eventbus.operations.operator_acts import acts
from eventbus.operations.worker_status import RELAY, is_alive

#: Past episodes that are listed.
SHOWN = 50
#: Of what operators did.
HISTORY = 20


@operators_only("GET")
def alerts_page(request: HttpRequest) -> HttpResponse:
    open_alerts = list(Alert.objects.filter(ended_at=None).order_by("began_at"))
    rules = {rule.name: rule for rule in all_rules()}
    tests = OperatorAction.objects.filter(kind=OperatorAction.Kind.TESTED, app=ALERTS)
    context = {
        "open": [(alert, rules.get(alert.rule)) for alert in open_alerts],
        "past": Alert.objects.exclude(ended_at=None).order_by("-began_at")[:SHOWN],
        "rules": _states(open_alerts),
        "is_watched": is_alive(RELAY),
        "ways": ways(),
        "acts": acts(tests, HISTORY),
    }
    return render(request, "console/alerts.html", context)


@operators_only("POST")
def submit_test(request: HttpRequest) -> HttpResponse:
    """Send a test by every way, and say what became of each."""
    try:
        tried = send_test(operator(request))
    except TooSoon as error:
        messages.warning(request, f"No test was sent: {error}. Try again in a moment.")
        return redirect("console:alerts")
    for each in tried:
        tell = messages.error if each.problem else messages.success
        became = f"was not taken: {each.problem}" if each.problem else "was taken"
        tell(request, f"The test by {each.way} to {each.to} {became}.")
    if not tried:
        messages.error(request, "No test was sent: no mail address and no webhook is configured.")
    return redirect("console:alerts")


def _states(open_alerts: list[Alert]) -> list[dict[str, Any]]:
    """Return each rule with what is above its limit now, or when it last was."""
    by_rule: dict[str, list[Alert]] = defaultdict(list)
    for alert in open_alerts:
        by_rule[alert.rule].append(alert)
    ended = Alert.objects.exclude(ended_at=None).values_list("rule").annotate(Max("ended_at"))
    last = dict(ended.order_by())
    return [
        {
            "rule": rule,
            "limit": rule.limit(),
            "open": by_rule[rule.name],
            "last": last.get(rule.name),
        }
        for rule in all_rules()
    ]
