"""Signals of the bus, for whoever wants to know of its work: tracing is one.

Most are sent after the commit: a receiver's error is logged and changes nothing.
`reaction_overdue` is sent inside a transaction, so that its receivers may emit. Receivers of
`redaction_requested`, `database_ready`, `topology_declared` and of the `process_` signals are part
of the sender's own work: their errors are the sender's.
"""

from django.dispatch import Signal

#: The broker took these rows. `rows`: list of `OutboxEvent`.
published = Signal()
#: A reaction has run. `row`: its `LockedDelivery`, as it is now; `envelope`: the event's;
#: `error`: in one line, empty when it took effect.
reaction_finished = Signal()
#: A reaction has not answered in time; sent once per episode. `overdue`: an
#: `eventbus.operations.overdue.OverdueReaction`.
reaction_overdue = Signal()
#: A relay cannot work, because a server is away; sent about each second while that lasts.
#: `outage`: an `eventbus.delivery.outage_state.Outage`; None, once, when it works again. The
#: database may be away.
relay_waits = Signal()
#: Sent by the relay once a minute, for what an app does now and then, such as deleting rows that
#: have expired, see `eventbus.cleanup`. Receivers must be fast: they block publishing.
relay_tick = Signal()
#: A person's data is to be erased; sent inside the transaction that asks for it. `subjects`: list
#: of texts; `matching_text`: a personal text or empty; `event_types`: those it is a field of;
#: `cause_id`: of the event that led to it.
redaction_requested = Signal()
#: History was redacted in the database, and is to leave the broker's own file as well.
history_redacted = Signal()
#: The database answers and has every migration; sent by a worker, a relay or a web process
#: before it begins, and by the deploy step: for what must be there before any event is.
database_ready = Signal()
#: The broker has the exchange and every app's queue; for whoever needs more there. `connection`:
#: kombu's, of its own each time.
topology_declared = Signal()
#: A worker or a relay called `name` is set up in this process, and has not begun to work.
process_starting = Signal()
#: It works from now on. `name`; `concurrency`: its processes; `activity`: a function that returns
#: an `eventbus.messaging.liveness.WorkerActivity`; `liveness`: the `Liveness` of its loop;
#: `node`: its name in Celery, of a worker.
process_ready = Signal()
#: It ends because it was asked to. `name`.
process_stopping = Signal()
#: A message was rejected: it is none of the bus's. `app`, `task`: what it calls itself; `reason`.
message_rejected = Signal()
