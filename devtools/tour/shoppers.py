"""Shoppers who order over HTTP while something is broken, each from an address of their own."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

from django.conf import settings

from catalogue.models import Variant
from devtools.shop_client import APPROVED, DECLINED, GaveUp, Refused, ShopClient, opener
from devtools.tour.trial import Trial
from inventory.models import Stock
from inventory.services import receive_stock
from orders.models import Order

#: What the bank refuses: at once, and when the money is taken.
REFUSED_CARDS = (DECLINED, "4000 0000 0000 9995", "4000 0000 0000 0341")
#: One shopper in so many has such a card, where the experiment says nothing of cards.
ONE_IN = 10
#: Shoppers who may come, in one experiment.
MOST = 50
#: Shoppers who may wait for an answer at the same time.
AT_ONCE = 4
#: Which part of the time they come in.
SHARE = 0.8
#: Seconds after which a shopper goes away.
PATIENCE = 60.0
#: How many different goods they buy.
GOODS = 5


class Shoppers:
    """All shoppers of a trial; what they were answered is written into it."""

    def __init__(self, trial: Trial) -> None:
        self._trial, self._name = trial, uuid4().hex[:6]
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._come, daemon=True)
        self._skus: list[str] = []
        self._answered: set[UUID] = set()

    def start(self) -> None:
        """Have them come, one after the other, in a thread of its own."""
        if self._trial.orders:
            self._skus = stock_up(self._trial.orders, reference=f"tour {self._name}")
            self._thread.start()

    @property
    def are_there(self) -> bool:
        return self._thread.is_alive()

    def send_away(self) -> None:
        """Let nobody come any more."""
        self._leave.set()

    def answer_refusals(self) -> None:
        """Have those whose card was refused pay with another one, or give up, by turns."""
        refused = Order.objects.filter(
            id__in=self._trial.placed, payment_failed_at__isnull=False, ended_at=None
        )
        for order in refused.exclude(id__in=self._answered).values_list("id", flat=True):
            self._answered.add(order)
            number = self._trial.placed.index(order)
            # Too late for it, or nobody there: the order goes its way, which is as good an end.
            with suppress(Refused, GaveUp):
                if number % 2:
                    _client(number).cancel(str(order))
                else:
                    _client(number).pay(str(order), APPROVED)

    def _come(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number in range(self._trial.orders):
                due = began + self._trial.seconds * SHARE * number / self._trial.orders
                if self._leave.wait(max(0.0, due - time.monotonic())):
                    break
                pool.submit(self._order, number)

    def _order(self, number: int) -> None:
        key, began = str(uuid4()), time.monotonic()
        try:
            order = _client(number).order(
                self._skus[number % len(self._skus)],
                1,
                email=f"shopper-{self._name}-{number}@tour.example",
                card=self._card(number),
                key=key,
            )
        except (Refused, GaveUp) as error:
            self._trial.refused.append(str(error))
        else:
            self._trial.placed.append(UUID(order))
            self._trial.slowest = max(self._trial.slowest, time.monotonic() - began)

    def _card(self, number: int) -> str:
        all_refused = self._trial.experiment == "decline"
        if all_refused or number % ONE_IN == ONE_IN - 1:
            return REFUSED_CARDS[number % len(REFUSED_CARDS)]
        return APPROVED


def most_orders() -> int:
    """Return how many may come: from one address no more than may be unpaid at a time."""
    limit = 0 if _has_addresses() else settings.MOST_UNPAID_ORDERS
    return min(MOST, limit or MOST)


def stock_up(units: int, reference: str) -> list[str]:
    """Take in as many units as will be bought, of goods that are for sale; returns their SKUs."""
    sold = Variant.objects.filter(product__published=True).values("sku")
    counted = Stock.objects.filter(selling=Stock.Selling.TRACKED, on_hand__gt=0, sku__in=sold)
    skus = list(counted.order_by("-on_hand", "sku").values_list("sku", flat=True)[:GOODS])
    receive_stock(dict.fromkeys(skus, units), "for the shoppers of the tour", reference=reference)
    return skus


def _client(number: int) -> ShopClient:
    give_up = time.monotonic() + PATIENCE
    shop = f"{settings.SHOP_URL}/"
    return ShopClient(lambda: shop, lambda: time.monotonic() > give_up, opener(_address(number)))


def _address(number: int) -> str:
    """Return the address of a shopper: whoever orders much from one address is refused."""
    return f"127.80.0.{number + 1}" if _has_addresses() else ""


def _has_addresses() -> bool:
    """Tell whether all of 127.0.0.0/8 is this machine, and reaches the shop."""
    return sys.platform == "linux" and settings.SHOP_URL.startswith("http://127.")
