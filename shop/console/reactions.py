"""What the console does about facts: it tells other machines of alerts."""

from functools import partial

from django.conf import settings

from shop.bus import Outside, reacts_to
from shop.console.alerts.webhook import post
from shop.console.events import AlertEnded, AlertRaised


@reacts_to(AlertRaised, AlertEnded)
def call_webhook(event: AlertRaised | AlertEnded) -> Outside:
    if settings.ALERT_WEBHOOK:
        yield partial(post, settings.ALERT_WEBHOOK, event)
