"""The bus: domain events over one Celery fan-out exchange.

Here is what authors of apps use. An app writes its events as `Event` classes in `events.py`,
publishes them with `emit`, and reacts to its own and other apps' events with functions under
`reacts_to` in `reactions.py`. What it has to do later, or in a worker of its own, is a `Deadline`
or a `Task`. That is all it needs, unless its events hold data of persons: such fields are marked
`Personal`, and `redact` blanks them; a secret is `Sealed`. Whoever raises an event's version has
the older one read by a function that `upcasts` it. Live pages LISTEN to `REACTION_CHANNEL`,
see `eventbus.pg_listen`. `now` is the database's clock, by which everything is scheduled.
`LockingManager` locks a row, or creates it, and saves what changed; `because_of` names the cause
of what a reaction to many events emits; `call_together` makes their external calls one. Rows that
an app keeps for a limited time it deletes on `relay_tick`, with `delete_some` or `lock_some`. The
bus knows no app.
"""

from eventbus.chunks import fits_one_event, split_to_fit
from eventbus.cleanup import delete_some, lock_some
from eventbus.clock import now
from eventbus.context import because_of
from eventbus.emit import emit
from eventbus.event import MAX_ITEMS, Deadline, Event, Task
from eventbus.external_calls import call_together
from eventbus.keyed_digest import lasting_digest
from eventbus.locking import LockingManager
from eventbus.mailboxes import Mailbox, MailboxField, mailbox
from eventbus.personal import Personal, masked
from eventbus.pg_listen import REACTION_CHANNEL, direct_connection
from eventbus.redaction import redact
from eventbus.registry import ExternalCalls, emits, projection, reacts_to
from eventbus.sealed import CannotOpen, Sealed, unseal
from eventbus.signals import relay_tick
from eventbus.upcasting import upcasts

__all__ = [
    "MAX_ITEMS",
    "REACTION_CHANNEL",
    "CannotOpen",
    "Deadline",
    "Event",
    "ExternalCalls",
    "LockingManager",
    "Mailbox",
    "MailboxField",
    "Personal",
    "Sealed",
    "Task",
    "because_of",
    "call_together",
    "delete_some",
    "direct_connection",
    "emit",
    "emits",
    "fits_one_event",
    "lasting_digest",
    "lock_some",
    "mailbox",
    "masked",
    "now",
    "projection",
    "reacts_to",
    "redact",
    "relay_tick",
    "split_to_fit",
    "unseal",
    "upcasts",
]
