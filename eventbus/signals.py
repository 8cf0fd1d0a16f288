"""What the bus tells of its own work to whoever listens: tracing is one.

Most tell of what has happened, after the commit: a receiver's error is logged and changes nothing.
`reaction_overdue` is sent inside a transaction, so that who listens may state it. What a receiver
of `redaction_requested`, `database_ready` or a `process_` signal does is part of the sender's own
work, and so is its error.
"""

from django.dispatch import Signal

#: The broker took these rows. `rows`: list of `OutboxEvent`.
published = Signal()
#: A reaction has run to its end. `row`: its `Delivery`, as it is now; `envelope`: the event's;
#: `error`: in one line, empty when it took effect.
reaction_ran = Signal()
#: A reaction has not answered in time. `late`: a `eventbus.operations.overdue.Late`. Once per
#: episode.
reaction_overdue = Signal()
#: A relay can do nothing, said about each second while that lasts: `told`, a
#: `eventbus.delivery.trouble.Told`; or None, once, when it works again. The database may be away.
relay_waits = Signal()
#: A relay has time to look around, every quarter of a minute: for who watches limits. What a
#: receiver does keeps events from being carried for as long, so it must be quick.
relay_looked = Signal()
#: A relay has time to tidy up, once a minute: who keeps rows for a time deletes some that are
#: over, see `eventbus.cleanup`. As quick as for `relay_looked`.
relay_tidies = Signal()
#: Somebody is to be forgotten, in this transaction. `subjects`: list of texts; `naming`: a personal
#: text or empty; `among`: event types it is a field of; `cause_id`: of the event that led to it.
redaction_requested = Signal()
#: What was blanked in the database is to leave the broker's own file as well.
history_redacted = Signal()
#: The database answers and has every migration; sent by a worker, a relay or a web process
#: before it begins, and by the deploy step: for what must be there before any event is.
database_ready = Signal()
#: A worker or a relay of this `name` is set up in this process, and has not begun: tracing is one.
process_starting = Signal()
#: It works from now on. `name`; `concurrency`: its processes; `activity`: a function that returns
#: an `eventbus.messaging.pulse.WorkerActivity`; `pulse`: the `Pulse` of its loop.
process_ready = Signal()
#: It ends because it was told to. `name`.
process_stopping = Signal()
#: A message was refused: it is none of the bus's. `app`, `task`: what it calls itself; `reason`.
message_rejected = Signal()
