"""The orders and returns that a day's rows make, and what is left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from devtools.replay.reading import Row

REASONS = ("not_goods", "no_price", "nonpositive_quantity")


@dataclass
class Sale:
    """An invoice that becomes an order; its rows are the order's lines, numbered from 1.

    `at` is when its first row of goods comes, `place` that row's place in the day.
    """

    invoice: str
    at: datetime
    place: int
    customer: str | None
    country: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class SentBack:
    """An invoice that returns goods: units by sale and line.

    `at` is when its last row that found something comes, `place` that row's place in the day.
    """

    invoice: str
    at: datetime
    place: int
    units: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


@dataclass
class _Bought:
    """A line of a sale, and how many of its units have not been returned."""

    invoice: str
    line: int
    left: int

    def take_back(self, units: int) -> int:
        taken = min(units, self.left)
        self.left -= taken
        return taken


class Day:
    """A file's rows by the rules of this package."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.invoices: set[str] = set()
        self.skipped = dict.fromkeys(REASONS, 0)
        self.returned = self.unmatched = 0
        self._sales: dict[str, Sale] = {}
        self._sent_back: dict[str, SentBack] = {}
        self._bought: dict[tuple[str, str], list[_Bought]] = defaultdict(list)
        for place, row in enumerate(sorted(rows, key=attrgetter("at"))):
            self._take(place, row)

    @property
    def sales(self) -> list[Sale]:
        return list(self._sales.values())

    @property
    def steps(self) -> list[Sale | SentBack]:
        """Return the sales, and the returns that found something, in the order of time."""
        return sorted([*self._sales.values(), *self._sent_back.values()], key=attrgetter("place"))

    @property
    def rows_sold(self) -> list[Row]:
        return [row for sale in self.sales for row in sale.rows]

    def units_by_sku(self) -> Counter[str]:
        """Return how many units of each stock code are sold."""
        units: Counter[str] = Counter()
        for row in self.rows_sold:
            units[row.stock_code] += row.quantity
        return units

    def _take(self, place: int, row: Row) -> None:
        self.invoices.add(row.invoice)
        if reason := row.skipped_as:
            self.skipped[reason] += 1
        elif row.is_return:
            self._send_back(place, row)
        else:
            self._sell(place, row)

    def _sell(self, place: int, row: Row) -> None:
        new = Sale(row.invoice, row.at, place, row.customer, row.country)
        sale = self._sales.setdefault(row.invoice, new)
        sale.rows.append(row)
        if row.customer:
            line = _Bought(row.invoice, len(sale.rows), row.quantity)
            self._bought[row.customer, row.stock_code].append(line)

    def _send_back(self, place: int, row: Row) -> None:
        units = abs(row.quantity)
        for line in reversed(self._bought[row.customer or "", row.stock_code]):
            if taken := line.take_back(units):
                back = self._sent_back.setdefault(row.invoice, SentBack(row.invoice, row.at, place))
                back.at, back.place = row.at, place
                back.units[line.invoice][line.line] += taken
                self.returned += taken
                units -= taken
        self.unmatched += units
