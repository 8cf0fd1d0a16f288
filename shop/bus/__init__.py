"""The bus: domain events over one Celery fan-out exchange.

An app states facts with `emit`, writes them as `Event` classes in its
`events.py`, and answers others' facts with functions under `reacts_to` in its
`reactions.py`. It needs nothing else. The bus itself knows no app.
"""

from shop.bus.emit import emit
from shop.bus.event import Event
from shop.bus.registry import reacts_to

__all__ = ["Event", "emit", "reacts_to"]
