"""Files to replay."""

from collections.abc import Callable
from pathlib import Path

import pytest
import tenacity.nap

from devtools.replay import waiting

COLUMNS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
DAY = Path(__file__).parents[2] / "data" / "online-retail-2010-12-01.csv"


def row(
    invoice="536365",
    code="85123A",
    quantity: object = 6,
    minute: object = 0,
    price="2.55",
    customer="17850.0",
    country="United Kingdom",
) -> str:
    """A row of goods, sold in this minute of one hour."""
    at = f"2010-12-01 08:{minute:02}:00" if isinstance(minute, int) else minute
    return f"{invoice},{code},LANTERN,{quantity},{at},{price},{customer},{country}"


@pytest.fixture
def file(tmp_path) -> Callable[..., Path]:
    """Makes a file of these rows under the data set's columns."""

    def write(*rows: str, columns: str = COLUMNS) -> Path:
        path = tmp_path / "day.csv"
        path.write_text("\n".join([columns, *rows]) + "\n")
        return path

    return write


class FakeTime:
    """A clock that only sleeping moves; `while_asleep` is what others do meanwhile.

    Whoever sleeps wakes `oversleeping` times as late as was asked for.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.oversleeping = 1
        self.while_asleep: Callable[[], object] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds * self.oversleeping
        self.while_asleep()


@pytest.fixture
def time(monkeypatch) -> FakeTime:
    """The clock by which the replay waits."""
    fake = FakeTime()
    for module in (waiting, tenacity, tenacity.nap):
        monkeypatch.setattr(module, "time", fake)
    return fake
