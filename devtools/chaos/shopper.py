"""A shopper who orders over the API, and tries again until there is an answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener
from uuid import UUID

from tenacity import RetryError, Retrying, retry_if_exception_type, wait_fixed

DOMAIN = "@chaos.example"
#: Seconds for one answer, and between two attempts.
TIMEOUT = 10
AGAIN_AFTER = 0.5
#: What orders are of: there is enough of the first, and too little of the second.
PLENTY, SCARCE = "chaos-plenty", "chaos-scarce"

CARDS = {
    "approved": "4242 4242 4242 4242",
    "declined": "4000 0000 0000 0002",
    "lapsed": "4000 0000 0000 0341",
    "slow": "4000 0000 0000 1190",
    "flaky": "4000 0000 0000 2594",
    "lost-hold": "4000 0000 0000 7072",
    "lost-capture": "4000 0000 0000 8088",
}
#: Of a hundred shoppers so many come with each card.
USUAL_CARDS = {"approved": 92, "declined": 4, "lapsed": 4}
#: Which part of them asks at once for the order to be cancelled.
CANCELLED = 0.05

_SHIP_TO = {
    "name": "Ada Storm",
    "line1": "1 Main St",
    "postcode": "N1 9GU",
    "city": "London",
    "country": "GB",
}
_opener = build_opener(ProxyHandler({}))


class GaveUp(Exception):
    """There was no answer in all the time a shopper has."""


class Refused(Exception):
    """The shop said no, in words: trying again would not help."""


@dataclass(frozen=True)
class Shopper:
    """What one shopper wants, decided by the seed of the run."""

    number: int
    key: str
    sku: str
    quantity: int
    card: str
    #: whether they think better of it at once
    cancels: bool

    @classmethod
    def of(cls, seed: int, number: int) -> "Shopper":
        random = Random(f"{seed}:{number}")
        return cls(
            number=number,
            key=str(UUID(int=random.getrandbits(128), version=4)),
            sku=random.choices([PLENTY, SCARCE], [9, 1])[0],
            quantity=random.randint(1, 3),
            card=random.choices(list(USUAL_CARDS), list(USUAL_CARDS.values()))[0],
            cancels=random.random() < CANCELLED,
        )

    @property
    def email(self) -> str:
        return f"shopper-{self.number}{DOMAIN}"

    def order(self, shop: Callable[[], str], card: str, over: Callable[[], bool]) -> str:
        """Place an order, once however often it is sent; returns its id.

        `shop` names the web process that is asked next, as whatever spreads requests over several.
        Raises `Refused`, or `GaveUp` when their patience is `over` without an answer.
        """

        ask = partial(_ask, shop, over)
        cart = ask("carts")["id"]
        ask(f"carts/{cart}/items", {"sku": self.sku, "quantity": self.quantity})
        choices = {"cart_id": cart, "email": self.email}
        quoted = ask("quote", {**choices, "country": _SHIP_TO["country"]})
        wish = {"ship_to": _SHIP_TO, "total": quoted["total"]["amount"]}
        paid_by = {"card": {"number": CARDS[card]}}
        return ask("orders", {**choices, **wish, **paid_by}, self.key)["id"]


def cancel(shop: Callable[[], str], order: str, over: Callable[[], bool]) -> None:
    """Ask for an order to be cancelled; it may be too late for it. Raises as `Shopper.order`."""
    _ask(shop, over, f"orders/{order}/cancel")


def _ask(
    shop: Callable[[], str], over: Callable[[], bool], path: str, body: Any = None, key: str = ""
) -> dict[str, Any]:
    """Return the answer; asks again while the shop is away, until `over`."""
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    data = b"" if body is None else json.dumps(body).encode()
    # Killed while it answers, or not there: a browser would offer to try again.
    retrying = Retrying(
        retry=retry_if_exception_type((OSError, HTTPException)),
        wait=wait_fixed(AGAIN_AFTER),
        stop=lambda _: over(),
    )
    try:
        return retrying(lambda: _answer(Request(f"{shop()}api/{path}", data, headers)))
    except RetryError as error:
        raise GaveUp(f"{path}: {error.last_attempt.exception()!r}") from error


def _answer(request: Request) -> dict[str, Any]:
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return json.load(answer)
    except HTTPError as error:
        if error.code < 500:
            raise Refused(f"{error.code} {error.read().decode()[:200]}") from error
        raise
