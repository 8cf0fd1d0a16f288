"""The ways out of an alert that need no worker: by mail, and to the webhook."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import send_mail

from eventbus.conf import conf
from eventbus.console.alerts.webhook import post_plain


@dataclass(frozen=True)
class Message:
    """What is told: to people as a mail, to machines as plain values."""

    subject: str
    text: str
    plain: dict[str, Any]


@dataclass(frozen=True)
class Way:
    """A configured way; `send` raises what went wrong. `to` holds no secret."""

    name: str
    to: str
    send: Callable[[Message], object]


def ways() -> list[Way]:
    """Return the ways that are configured."""
    found = []
    if conf.ALERT_EMAIL:
        found.append(Way("mail", conf.ALERT_EMAIL, _mail))
    if conf.ALERT_WEBHOOK:
        # The rest of the address may be a secret.
        host = urlsplit(conf.ALERT_WEBHOOK).hostname or ""
        found.append(Way("webhook", host, partial(_post, conf.ALERT_WEBHOOK)))
    return found


def _mail(message: Message) -> None:
    send_mail(" ".join(message.subject.split()), message.text, None, [conf.ALERT_EMAIL])


def _post(url: str, message: Message) -> None:
    plain = message.plain
    post_plain(url, json.dumps(plain), plain.get("id", plain["type"]))
