"""What the console does about facts: its own audits, and alerts for other machines."""

from functools import partial

from django.conf import settings

from shop.bus import Outside, reacts_to
from shop.console import proof
from shop.console.alerts.webhook import post
from shop.console.events import AlertEnded, AlertRaised, AuditRequested


@reacts_to(AuditRequested, answer_within=300)
def check_promises(event: AuditRequested) -> Outside:
    """Outside of any transaction: it takes long, and must hold up no clean-up of old rows."""
    if not proof.is_wanted(event.run_id):
        return
    result = yield partial(proof.measure, event.run_id)
    proof.keep(event.run_id, result)


@reacts_to(AlertRaised, AlertEnded)
def call_webhook(event: AlertRaised | AlertEnded) -> Outside:
    if settings.ALERT_WEBHOOK:
        yield partial(post, settings.ALERT_WEBHOOK, event)
