"""What the bus tells of its own work to whoever listens, after the commit: tracing is one.

A receiver's error is logged and changes nothing: what it is told of has happened. Only
`reaction_overdue` is sent inside a transaction, so that who listens may state it.
"""

from django.dispatch import Signal

#: The broker took these rows. `rows`: list of `OutboxEvent`.
published = Signal()
#: A reaction has run to its end. `row`: its `Delivery`, as it is now; `envelope`: the event's;
#: `error`: in one line, empty when it took effect.
reaction_ran = Signal()
#: A reaction has not answered in time. `late`: a `shop.bus.overdue.Late`. Once per episode.
reaction_overdue = Signal()
#: A relay can do nothing, said about each second while that lasts: `told`, a
#: `shop.bus.trouble.Told`; or None, once, when it works again. The database may be away.
relay_waits = Signal()
#: A relay has time to look around, every quarter of a minute: for who watches limits. What a
#: receiver does keeps events from being carried for as long, so it must be quick.
relay_looked = Signal()
#: A relay has time to tidy up, once a minute: who keeps rows for a time deletes some that are
#: over, see `shop.bus.tidying`. As quick as for `relay_looked`.
relay_tidies = Signal()
