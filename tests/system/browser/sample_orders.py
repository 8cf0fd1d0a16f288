"""What staff and operators have on their desks, in a running system: without a browser."""

import json
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from devtools.system import System
from eventbus.console.models import Alert
from inventory.services import receive_stock
from orders.services import request_return
from shop.accounts import customer_id
from tests.scenarios.conftest import buy

FOREIGN = "4000 0048 4000 8001"


def sample_orders(system: System) -> dict[str, str]:
    """Order something in this system, and more; returns ids by what they are of."""
    shell = (
        "shell",
        "-v",
        "0",
        "-c",
        "from tests.system.browser import sample_orders; sample_orders.make()",
    )
    return json.loads(system.manage(*shell).stdout)


def make() -> None:
    """Print the ids."""
    receive_stock({"TEAPOT": 100, "CUP": 100}, reason="for the desks")
    customer = User.objects.get(email="customer@shop.example")
    plain = buy(customer=customer_id(customer), teapots=2)
    flagged = buy(FOREIGN)
    back = request_return(flagged.id, {1: 1}, reason="too big for the shelf")
    for ended in (None, timezone.now()):
        message = "billing: 3 events wait, the oldest for 12.0 min"
        seen = timezone.now() + timedelta(hours=1)
        Alert.objects.create(
            rule="queue age", about="sample_orders", message=message, seen_at=seen, ended_at=ended
        )
    named = {"customer": customer, "plain": plain, "flagged": flagged, "back": back}
    print(json.dumps({name: str(row.pk) for name, row in named.items()}))  # noqa: T201 the result
