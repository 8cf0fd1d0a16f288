"""Back-in-stock alerts that are due."""

from collections.abc import Mapping

from eventbus import Event, because_of, emit
from notifications.events import SendBackInStockAlert
from notifications.models import BackInStockAlert


def announce(causes: Mapping[str, Event]) -> None:
    """Emit a task for each open alert that can be served, once; a reaction sends its mail.

    `causes`: because of which event the variants with these SKUs are looked at.
    """
    for alert in BackInStockAlert.due(causes):
        with because_of(causes[alert.sku]):
            emit(SendBackInStockAlert(alert_id=alert.id, sku=alert.sku))
