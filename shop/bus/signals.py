"""What the bus tells of its own work to whoever listens, after the commit: tracing is one.

A receiver's error is logged and changes nothing: what it is told of has happened.
"""

from django.dispatch import Signal

#: The broker took these rows. `rows`: list of `OutboxEvent`.
published = Signal()
#: A reaction has run to its end. `row`: its `Delivery`, as it is now; `envelope`: the event's;
#: `error`: in one line, empty when it took effect.
reaction_ran = Signal()
