"""Sending a mail from a reaction: written down, sent, its outcome recorded."""

from collections.abc import Callable, Generator
from typing import Any

from notifications.gateway import deliver
from notifications.models import Mail
from shop.bus import Event

#: A part of a reaction that calls the outside world: yields calls, is sent their answers.
Outside = Generator[Callable[[], Any], Any, None]


def send(kind: str, event: Event, *, to: str, subject: str, **facts: Any) -> Outside:
    """Send the mail of this kind about `event`, once; `facts` go to its templates.

    Without an address nobody gets one: guests may leave none.
    """
    if not to:
        return
    mail = Mail.objects.written(kind, event, to, subject, facts)
    if mail.state == Mail.State.SENDING:
        mail.conclude((yield lambda: deliver(mail)))
