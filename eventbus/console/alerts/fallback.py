"""Alerts sent by the relay itself: when no worker sends them, or a server is away.

By mail and webhook, in a thread, so that a mail server that is away holds up no event. Each is
tried once: what is in the outbox is also sent by the workers, as soon as they work again.
"""

import socket
from datetime import timedelta
from threading import Thread
from typing import Any

import structlog

from eventbus import clock
from eventbus.conf import conf
from eventbus.console.alerts.ways import Message, Way, ways
from eventbus.console.events import AlertRaised
from eventbus.console.models import Alert
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.outage_state import Outage
from eventbus.exceptions import in_one_line

log = structlog.get_logger("eventbus.console.alerts")

#: Seconds the workers have for telling somebody of an alert.
WORKERS_TELL_WITHIN = timedelta(minutes=1)


class _Notified:
    """Remembers that somebody was notified that this relay cannot work."""

    notified = False


def notify_relay_waits(outage: Outage | None, **_kwargs: Any) -> None:
    """Notify once that a relay cannot work, after `ALERT_SERVERS_AWAY`, and once that it can."""
    host = socket.gethostname()
    if outage and not _Notified.notified and outage.lasted > conf.ALERT_SERVERS_AWAY:
        _Notified.notified = True
        seconds = round(outage.lasted.total_seconds())
        _notify(
            "Alert: nothing is carried",
            f"The relay at {host} has waited for a server for {seconds} s: {outage.error}",
            {"type": "eventbus.RelayWaits", "about": host, "message": outage.error},
        )
    elif not outage and _Notified.notified:
        _Notified.notified = False
        _notify(
            "Over: nothing is carried",
            f"The relay at {host} works again.",
            {"type": "eventbus.RelayWorks", "about": host, "message": "the relay works again"},
        )


def notify_unreached() -> None:
    """Notify of each open alert that the workers have notified nobody of."""
    overdue_since = clock.now() - WORKERS_TELL_WITHIN
    for alert in Alert.objects.filter(ended_at=None, reached_at=None, began_at__lt=overdue_since):
        # Of several relays, one.
        mine = Alert.objects.filter(pk=alert.pk, reached_at=None).update(reached_at=clock.now())
        if mine and (event := _unreached(alert)):
            _notify(
                f"Alert: {alert.message}",
                f"{alert.message}\n\nA relay tells you this, because no worker has.",
                {"id": str(event.id), "type": event.type, **event.data},
            )


def _unreached(alert: Alert) -> OutboxEvent | None:
    """Return an alert's event, unless all reactions to it are done."""
    raised = OutboxEvent.objects.filter(type=AlertRaised.type, subject=str(alert.pk)).first()
    if raised is None or not raised.published_at:
        return raised
    is_open = Delivery.objects.filter(event=raised.id).exclude(state=Delivery.State.DONE).exists()
    return raised if is_open else None


def _notify(subject: str, text: str, plain: dict[str, Any]) -> None:
    log.critical("sent by the relay itself", subject=subject, text=text)
    message = Message(subject, text, plain)
    for way in ways():
        name = f"alert-{way.name}"
        Thread(target=_send, args=[way, message], name=name, daemon=True).start()


def _send(way: Way, message: Message) -> None:
    try:
        way.send(message)
    except Exception as error:
        log.error(f"an alert reached nobody by {way.name}", error=in_one_line(error))
