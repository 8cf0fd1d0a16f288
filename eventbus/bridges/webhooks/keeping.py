"""How long messages and their log are kept, and what goes with a person who is forgotten."""

from typing import Any

from eventbus import delete_some, now
from eventbus.bridges.webhooks.models import Attempt, Message, Subscription
from eventbus.conf import conf


def delete_old(**_: Any) -> None:
    """Delete messages with their attempts once they are old; receiver of `relay_tick`."""
    delete_some(Message.objects.filter(created_at__lt=now() - conf.WEBHOOKS_KEEP))


def forget(subjects: list[str], **_: Any) -> None:
    """Delete the subscriptions of people who are forgotten; receiver of `redaction_requested`.

    What others' servers answered about them goes as well: it may say who they are.
    """
    Subscription.objects.filter(owner__in=subjects).exclude(owner="").delete()
    Attempt.objects.filter(message__subject__in=subjects).update(response="")
