"""The bus: domain events over one Celery fan-out exchange.

An app states facts with `emit`, writes them as `Event` classes in its
`events.py`, and answers others' facts with functions under `reacts_to` in its
`reactions.py`. It needs nothing else, unless its events tell of people: then it marks
those fields `Personal`, and `redact` blanks them; a secret is `Sealed`. Live pages LISTEN
to `HANDLED_CHANNEL` through `listening_connection`, see `shop.bus.handled`. What is scheduled is
reckoned from `now`, the clock of all hosts. What an app keeps for a time alone it deletes when
`relay_tidies`, with `delete_some` or `lock_some`. The bus itself knows no app.
"""

from shop.bus.clock import now
from shop.bus.emit import emit
from shop.bus.event import MOST_ITEMS, Event
from shop.bus.handled import CHANNEL as HANDLED_CHANNEL
from shop.bus.lasting import lasting_digest
from shop.bus.listening import listening_connection
from shop.bus.mailboxes import Mailbox, MailboxField, mailbox
from shop.bus.personal import Personal, masked
from shop.bus.redaction import redact
from shop.bus.registry import Outside, reacts_to
from shop.bus.room import fits, parts
from shop.bus.sealed import CannotOpen, Sealed, unseal
from shop.bus.signals import relay_tidies
from shop.bus.tidying import delete_some, lock_some

__all__ = [
    "HANDLED_CHANNEL",
    "MOST_ITEMS",
    "CannotOpen",
    "Event",
    "Mailbox",
    "MailboxField",
    "Outside",
    "Personal",
    "Sealed",
    "delete_some",
    "emit",
    "fits",
    "lasting_digest",
    "listening_connection",
    "lock_some",
    "mailbox",
    "masked",
    "now",
    "parts",
    "reacts_to",
    "redact",
    "relay_tidies",
    "unseal",
]
