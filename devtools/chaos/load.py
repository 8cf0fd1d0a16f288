"""The load: shoppers who order over HTTP, evenly over the run, and what they were answered."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from devtools.chaos.shopper import Shopper
from devtools.shop_client import GaveUp, Refused, ShopClient

#: Orders a minute that two processors can carry through a storm.
RATE = 300
#: Shoppers who may wait for an answer at the same time.
AT_ONCE = 12
#: Seconds after which a shopper goes away.
ORDER_TIMEOUT = 180.0


@dataclass
class Log:
    """The answers that shoppers got: order ids, refusals, none at all."""

    placed: dict[str, Shopper] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    #: orders that could not be cancelled any more
    kept: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{len(self.placed)} ordered, {len(self.refused)} refused, "
            f"{len(self.unanswered)} without an answer"
        )


class Load:
    """`orders` shoppers within `seconds`, in a thread of its own; `card` set: all come with it."""

    def __init__(self, shop: str, seed: int, orders: int, seconds: float) -> None:
        self.log = Log()
        #: The web processes that are there; they take turns.
        self.shops = [shop]
        self.card = ""
        self._shoppers = [Shopper.of(seed, number) for number in range(orders)]
        self._seconds = seconds
        self._turns = itertools.count()
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    @property
    def shoppers(self) -> int:
        """Return how many come."""
        return len(self._shoppers)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Return when every shopper was answered, or has given up."""
        self._thread.join()

    def abandon(self) -> None:
        """Stop all shoppers: the run has ended before its time."""
        self._abandoned.set()

    def _next_shop(self) -> str:
        shops = list(self.shops)
        return shops[next(self._turns) % len(shops)]

    def _run(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for shopper in self._shoppers:
                due = began + self._seconds * shopper.number / len(self._shoppers)
                self._abandoned.wait(max(0.0, due - time.monotonic()))
                pool.submit(self._serve, shopper)

    def _serve(self, shopper: Shopper) -> None:
        give_up = time.monotonic() + ORDER_TIMEOUT

        def over() -> bool:
            return self._abandoned.is_set() or time.monotonic() > give_up

        client = ShopClient(self._next_shop, over)
        try:
            placed = shopper.order(client, self.card or shopper.card)
        except Refused as refusal:
            self.log.refused.append(f"{shopper.email}: {refusal}")
        except GaveUp as error:
            self.log.unanswered.append(f"{shopper.email}: {error}")
        else:
            self.log.placed[placed] = shopper
            if shopper.cancels:
                self._cancel(client, placed)

    def _cancel(self, client: ShopClient, order: str) -> None:
        try:
            client.cancel(order)
        except (Refused, GaveUp):
            # Shipped by now, or nobody there: the order goes its way, which is as good an end.
            self.log.kept.append(order)
