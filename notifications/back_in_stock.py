"""Back-in-stock alerts that are due."""

from collections.abc import Iterable

from eventbus import emit
from notifications.events import SendBackInStockAlert
from notifications.models import BackInStockAlert


def announce(skus: Iterable[str]) -> None:
    """Emit a task for each open alert that can be served, once; a reaction sends its mail."""
    for alert in BackInStockAlert.due(skus):
        emit(SendBackInStockAlert(alert_id=alert.id, sku=alert.sku))
