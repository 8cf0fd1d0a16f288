"""Episodes: who begins to be above a limit is told of once, and once when it is over."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.bus import emit
from shop.bus.models import OutboxEvent
from shop.bus.turns import take_turn
from shop.console import proof
from shop.console.alerts.rules import RULES, Facts
from shop.console.events import AlertEnded, AlertRaised
from shop.console.models import Alert, AuditRun

#: Below its limit for so long, an episode is over: what swings around a limit is one episode.
QUIET_FOR = timedelta(minutes=1)
#: Relays take turns: any number, as long as it is the same for all.
LOCK = 4_208_174


@transaction.atomic
def watch(**_: Any) -> None:
    """Look at every rule; begin episodes, keep them up, end them. Of several relays, one does."""
    if not take_turn(LOCK):
        return
    facts = Facts()
    found = {(rule.name, each.about): each.told for rule in RULES for each in rule.look(facts)}
    known = {(row.rule, row.about): row for row in Alert.objects.filter(ended_at=None)}
    for key, told in found.items():
        _keep_up(known[key], told) if key in known else _begin(*key, told)
    for key, row in known.items():
        if key not in found and row.seen_at < timezone.now() - QUIET_FOR:
            _end(row)


def audit_in_time(**_: Any) -> None:
    """Ask for an audit when the last one is `AUDIT_EVERY` old; of a new shop, at that age."""
    if not settings.AUDIT_EVERY:
        return
    last = AuditRun.objects.order_by("-asked_at").values_list("asked_at", flat=True).first()
    began = OutboxEvent.objects.order_by("id").values_list("stated_at", flat=True).first()
    since = last or began
    if since and since < timezone.now() - settings.AUDIT_EVERY:
        try:
            proof.ask_for_audit("the clock")
        except proof.AuditUnderWay:
            return


def _begin(rule: str, about: str, told: str) -> None:
    row = Alert.objects.create(rule=rule, about=about, told=told[:500])
    emit(AlertRaised(**_facts(row)))


def _keep_up(row: Alert, told: str) -> None:
    row.told, row.seen_at = told[:500], timezone.now()
    row.save(update_fields=["told", "seen_at"])


def _end(row: Alert) -> None:
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    emit(AlertEnded(**_facts(row), ended_at=row.ended_at))


def _facts(row: Alert) -> dict[str, Any]:
    names = ("rule", "about", "told", "began_at")
    return {"alert_id": row.pk, **{name: getattr(row, name) for name in names}}
