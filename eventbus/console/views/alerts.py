"""The alerts: open ones, past ones, and the rules."""

from django.http import HttpRequest, HttpResponse

from eventbus.conf import conf
from eventbus.console.alerts.rules import all_rules
from eventbus.console.models import Alert
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render

#: Past episodes that are listed.
SHOWN = 50


@operators_only("GET")
def alerts_page(request: HttpRequest) -> HttpResponse:
    open_alerts = Alert.objects.filter(ended_at=None).order_by("began_at")
    rules = {rule.name: rule for rule in all_rules()}
    return render(
        request,
        "console/alerts.html",
        {
            "open": [(alert, rules.get(alert.rule)) for alert in open_alerts],
            "past": Alert.objects.exclude(ended_at=None).order_by("-began_at")[:SHOWN],
            "rules": [(rule, rule.limit()) for rule in all_rules()],
            "mail": conf.ALERT_EMAIL,
            "has_webhook": bool(conf.ALERT_WEBHOOK),
        },
    )
