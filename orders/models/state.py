"""The paths that an order's state may take.

```
placed ── paid ── shipped ── completed ── refunded
   │        │        ↑                       ↑
   ├────────┴─ cancelling ── cancelled ──────┘
   └────────────────────────────↑
```

Where a part has left when it is to be cancelled, the rest is closed: cancelling goes back to the
usual way, and the order completes with what was delivered. A bank that sends a refund back takes
an order from refunded to what it had been.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    SHIPPED = "shipped", _("Shipped")
    COMPLETED = "completed", _("Completed")
    CANCELLING = "cancelling", _("Cancelling")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded")
