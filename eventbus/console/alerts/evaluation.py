"""Evaluation of the alert rules into episodes: an alert is emitted at the start and the end."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction

from eventbus import clock, emit, emits
from eventbus.console.alerts.rules import all_rules
from eventbus.console.events import AlertEnded, AlertRaised
from eventbus.console.hooks import Facts, Rule
from eventbus.console.models import Alert
from eventbus.delivery import outage
from eventbus.delivery.advisory_lock import try_advisory_lock

#: A rule's name, and what is above its limit.
Key = tuple[str, str]
log = structlog.get_logger("eventbus.console.alerts")
#: Seconds between evaluations of the rules.
EVALUATE_EVERY = 15.0
#: Below its limit for so long, an episode is over: what swings around a limit is one episode.
QUIET_FOR = timedelta(minutes=1)
#: What an alert is about whose rule cannot be looked at.
ITSELF = "the rule itself"
#: Relays take turns: any number, as long as it is the same for all.
LOCK = 4_208_174


@emits(AlertRaised, AlertEnded)
@transaction.atomic
def evaluate_rules() -> None:
    """Look at every rule; begin episodes, keep them up, end them. Of several relays, one does."""
    if not try_advisory_lock(LOCK):
        return
    facts = Facts()
    known = {(row.rule, row.about): row for row in Alert.objects.filter(ended_at=None)}
    found: dict[Key, str] = {}
    for rule in all_rules():
        found |= _found_by(rule, facts, known)
    for key, message in found.items():
        _keep_up(known[key], message) if key in known else _begin(*key, message)
    for key, row in known.items():
        if key not in found and row.seen_at < clock.now() - QUIET_FOR:
            _end(row)


def _found_by(rule: Rule, facts: Facts, known: dict[Key, Alert]) -> dict[Key, str]:
    """Evaluate a rule. One that fails is an alert too, and its open alerts go on."""
    try:
        with transaction.atomic():
            return {(rule.name, each.about): each.message for each in rule.look(facts)}
    except Exception as error:
        if outage.is_outage(error):
            raise
        log.exception("a rule of the alerts fails", rule=rule.name)
        before = {key: row.message for key, row in known.items() if key[0] == rule.name}
        message = f'the rule "{rule.name}" cannot be looked at: {type(error).__name__}'
        return before | {(rule.name, ITSELF): message}


def _begin(rule: str, about: str, message: str) -> None:
    row = Alert.objects.create(rule=rule, about=about, message=message[:500])
    emit(AlertRaised(**_facts(row)))


def _keep_up(row: Alert, message: str) -> None:
    row.message, row.seen_at = message[:500], clock.now()
    row.save(update_fields=["message", "seen_at"])


def _end(row: Alert) -> None:
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    emit(AlertEnded(**_facts(row), ended_at=row.ended_at))


def _facts(row: Alert) -> dict[str, Any]:
    names = ("rule", "about", "message", "began_at")
    return {"alert_id": row.pk, **{name: getattr(row, name) for name in names}}
