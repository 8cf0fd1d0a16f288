"""The bus: domain events over one Celery fan-out exchange.

An app states facts with `emit`, writes them as `Event` classes in its
`events.py`, and answers others' facts with functions under `reacts_to` in its
`reactions.py`. What it has to do later, or in a worker of its own, is a `Deadline` or a `Task`. It
needs nothing else, unless its events tell of people: then it marks
those fields `Personal`, and `redact` blanks them; a secret is `Sealed`. Live pages LISTEN
to `HANDLED_CHANNEL` through `listening_connection`,
see `eventbus.listening`. What is scheduled is
reckoned from `now`, the clock of all hosts. What an app keeps for a time alone it deletes when
`relay_tidies`, with `delete_some` or `lock_some`. The bus itself knows no app.
"""

from eventbus.chunks import fits, parts
from eventbus.cleanup import delete_some, lock_some
from eventbus.clock import now
from eventbus.digest import lasting_digest
from eventbus.emit import emit
from eventbus.event import MOST_ITEMS, Deadline, Event, Task
from eventbus.listening import HANDLED_CHANNEL, listening_connection
from eventbus.mailboxes import Mailbox, MailboxField, mailbox
from eventbus.personal import Personal, masked
from eventbus.redaction import redact
from eventbus.registry import Outside, emits, reacts_to
from eventbus.sealed import CannotOpen, Sealed, unseal
from eventbus.signals import relay_tidies

__all__ = [
    "HANDLED_CHANNEL",
    "MOST_ITEMS",
    "CannotOpen",
    "Deadline",
    "Event",
    "Mailbox",
    "MailboxField",
    "Outside",
    "Personal",
    "Sealed",
    "Task",
    "delete_some",
    "emit",
    "emits",
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
