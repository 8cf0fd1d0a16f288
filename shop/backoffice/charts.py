"""The dashboard's charts, each also as a table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from analytics import services as analytics

HOURS, DAYS = 24, 14
STEPS = ("cart", "placed", "authorized", "billed", "shipped", "delivered", "completed")
COLOURS = ("var(--color-primary-600)", "var(--color-primary-300)", "var(--color-base-400)")


@dataclass(frozen=True)
class Chart:
    """Series of numbers by name over common labels; `link` leads to the rows behind them."""

    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[Decimal | int]]
    link: str

    @property
    def data(self) -> str:
        """Return it as Chart.js takes it."""
        sets = [
            {"label": name, "data": [float(n) for n in numbers], "backgroundColor": colour}
            for (name, numbers), colour in zip(self.series.items(), COLOURS, strict=False)
        ]
        return json.dumps({"labels": list(self.labels), "datasets": sets})

    @property
    def rows(self) -> list[tuple[str, list[Decimal | int]]]:
        """Return it as a table: a label and its number in each series."""
        return [
            (label, [numbers[place] for numbers in self.series.values()])
            for place, label in enumerate(self.labels)
        ]


def orders_by_hour(link: str) -> Chart:
    """Count the orders of the last 24 hours, hours without orders included."""
    # In UTC, because a change of clocks would make two hours one.
    hours = _back(_now().replace(minute=0).astimezone(UTC), HOURS, hours=1)
    found = analytics.figures(["orders"], "hour", hours[0])
    return _chart("Orders by hour", hours, "%H:%M", (("orders", f) for f in found), link)


def revenue_by_day(link: str) -> Chart:
    """Add up the revenue of two weeks, by currency."""
    days = _back(_today(), DAYS, days=1)
    found = analytics.figures(["revenue"], "day", days[0])
    return _chart("Revenue by day", days, "%d %b", ((f.currency, f) for f in found), link)


def units_by_day(sku: str) -> Chart:
    """Count the units of a SKU ordered in two weeks."""
    days = _back(_today(), DAYS, days=1)
    found = analytics.figures(["product_units"], "day", days[0], dimension=sku)
    return _chart("Units ordered by day", days, "%d %b", (("units", f) for f in found), "")


def funnel(link: str) -> Chart:
    """Count how many carts of two weeks reached each step up to a completed order."""
    reached = analytics.funnel(_today() - timedelta(days=DAYS - 1))
    counts = [reached.get(step, 0) for step in STEPS]
    return Chart("From cart to completed order, two weeks", STEPS, {"reached": counts}, link)


def _chart(
    title: str, times: list[datetime], as_label: str, found: Iterable[tuple[str, object]], link: str
) -> Chart:
    by_name: dict[str, dict[datetime, Decimal]] = {}
    for name, figure in found:
        by_name.setdefault(name, {})[figure.start] = figure.value  # type: ignore[attr-defined]
    series = {name: [at.get(time, Decimal(0)) for time in times] for name, at in by_name.items()}
    labels = [timezone.localtime(time).strftime(as_label) for time in times]
    return Chart(title, labels, series, link)


def _today() -> datetime:
    return _now().replace(hour=0, minute=0)


def _now() -> datetime:
    """Return the current minute in the shop's time zone, in which days are counted."""
    return timezone.localtime().replace(second=0, microsecond=0)


def _back(end: datetime, count: int, **step: int) -> list[datetime]:
    return [end - timedelta(**step) * back for back in reversed(range(count))]
