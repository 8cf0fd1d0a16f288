"""Sending a mail from a reaction: written down, sent, its outcome recorded."""

from typing import Any

import structlog
from django.utils.functional import Promise

from eventbus import Event, ExternalCalls
from notifications.events import ResendMail
from notifications.gateway import deliver
from notifications.models import Allowance, ErasedCustomer, Mail

log = structlog.get_logger("notifications")

#: What staff must do about money, without a word of whose it is.
OF_MONEY_ALONE = frozenset({"dispute_opened", "dispute_lost", "refund_failed"})


def send(
    kind: str, event: Event, *, to: str, subject: str | Promise, link: str = "", **facts: Any
) -> ExternalCalls:
    """Send the mail of this kind about `event`, once; `facts` go to its templates.

    A sealed `link` stands in what is sent alone.
    The event's fields fill the `%(gaps)s` of the subject. Without an address
    nobody gets one, for guests may leave none; nor about whom the shop has forgotten,
    unless it tells staff of money alone; nor who got as many of this kind as one person
    gets, unless the order is paid.
    """
    mail = Mail.objects.already(kind, event, to)
    if not mail:
        if why := _why_not(kind, event, to):
            log.info("no mail", kind=kind, event_id=str(event.id), why=why)
            return
        mail = Mail.objects.written(kind, event, to, subject, facts, link)
    if mail.state == Mail.State.SENDING:
        mail.conclude((yield lambda: deliver(mail)))


def send_copy(event: ResendMail) -> ExternalCalls:
    """Send the copy that `event` asks for, once."""
    mail = Mail.objects.copied(event.mail_id, event)
    if mail and mail.state == Mail.State.SENDING:
        mail.conclude((yield lambda: deliver(mail)))


def _why_not(kind: str, event: Event, to: str) -> str:
    if not to:
        return "there is no address"
    if kind not in OF_MONEY_ALONE and ErasedCustomer.covers(event):
        return "they have been forgotten"
    if Allowance.take(kind, to) or Mail.objects.is_paid(event):
        return ""
    return "they got as many of this kind as one person gets"
