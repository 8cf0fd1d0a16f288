"""The synchronous way: the request that places an order runs all reactions, in one transaction."""

from collections import deque
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import transaction

from devtools.bench.ways import direct
from eventbus import registry
from eventbus.delivery import outbox
from eventbus.envelope import Envelope
from orders.events import OrderDetails
from orders.models import Order
from orders.services import place_order

_emitted: deque[Envelope] = deque()


def take_over() -> None:
    """Have events of this process collected for `place`."""
    direct.redirect(outbox.record, collect)


def place(details: OrderDetails) -> Order:
    """Place an order and run every reaction, in the order in which events are emitted."""
    with transaction.atomic():
        order = place_order(details, pay_again=False)
        react_to_all()
    return order


def react_to_all() -> None:
    """Run the reactions to what was emitted, and to what they emit in turn."""
    while _emitted:
        envelope = _emitted.popleft()
        for reaction in registry.reactions_to(envelope.type):
            direct.react(envelope, reaction, nullcontext)


def collect(envelope: Envelope, publish_after: datetime | None = None, **_: Any) -> None:
    """Receive every event's signal, in the outbox's place."""
    if not direct.is_left_out(publish_after):
        _emitted.append(envelope)
