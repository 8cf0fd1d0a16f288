"""Log and announce rejected messages."""

from typing import Any

import structlog

from eventbus.signals import message_rejected

log = structlog.get_logger("eventbus.messaging.rejected_messages")


def record_rejected(app: str, message: Any, reason: str) -> None:
    """Log a message that `app` has rejected and send `message_rejected`; never its payload."""
    headers = message.headers if isinstance(message.headers, dict) else {}
    task = ascii(headers.get("task", ""))[:100]
    log.error("rejected a message", app=app, task=task, reason=reason)
    message_rejected.send_robust(sender=None, app=app, task=task, reason=reason)
