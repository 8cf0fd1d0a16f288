"""Buys over the API of a running shop, and asks again until there is an answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPHandler, OpenerDirector, ProxyHandler, Request, build_opener

from tenacity import RetryError, Retrying, retry_if_exception_type, wait_fixed

#: Seconds for one answer, and between two attempts.
TIMEOUT = 10
AGAIN_AFTER = 0.5

APPROVED, DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002"

_SHIP_TO = {
    "name": "Ada Storm",
    "line1": "1 Main St",
    "postcode": "N1 9GU",
    "city": "London",
    "country": "GB",
}


class _From(HTTPHandler):
    """Asks from one address of this machine."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(HTTPConnection, source_address=(self._address, 0)), req)


def opener(address: str = "") -> OpenerDirector:
    """Return what asks the shop: from this address of ours, or from the usual one."""
    # Not by a proxy that the environment may name.
    return build_opener(ProxyHandler({}), *([_From(address)] if address else []))


_opener = opener()


class GaveUp(Exception):
    """There was no answer in all the time a shopper has."""


class Refused(Exception):
    """The shop said no, in words: trying again would not help."""


@dataclass(frozen=True)
class ShopClient:
    """A shopper's way to the shop. All it does raises `Refused`, or `GaveUp` when it is `over`."""

    #: names the web process that is asked next, as whatever spreads requests over several
    shop: Callable[[], str]
    #: tells whether the shopper has given up waiting
    over: Callable[[], bool]
    opener: OpenerDirector = _opener

    def order(self, sku: str, quantity: int, *, email: str, card: str, key: str) -> str:
        """Place an order, once however often it is sent under its `key`; returns its id."""
        cart = self._ask("carts")["id"]
        self._ask(f"carts/{cart}/items", {"sku": sku, "quantity": quantity})
        choices = {"cart_id": cart, "email": email}
        quoted = self._ask("quote", {**choices, "country": _SHIP_TO["country"]})
        agreed = {"ship_to": _SHIP_TO, "total": quoted["total"]["amount"]}
        paid_by = {"card": {"number": card}}
        return self._ask("orders", {**choices, **agreed, **paid_by}, key)["id"]

    def pay(self, order: str, card: str) -> None:
        """Pay an order with another card, after one was refused."""
        self._ask(f"orders/{order}/payments", {"card": {"number": card}})

    def cancel(self, order: str) -> None:
        """Ask for an order to be cancelled; it may be too late for it."""
        self._ask(f"orders/{order}/cancel")

    def _ask(self, path: str, body: Any = None, key: str = "") -> dict[str, Any]:
        """Return the answer; asks again while the shop is away, until it is `over`."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        data = b"" if body is None else json.dumps(body).encode()
        # Killed while it answers, or not there: a browser would offer to try again.
        retrying = Retrying(
            retry=retry_if_exception_type((OSError, HTTPException)),
            wait=wait_fixed(AGAIN_AFTER),
            stop=lambda _: self.over(),
        )
        try:
            return retrying(
                lambda: self._answer(Request(f"{self.shop()}api/{path}", data, headers))
            )
        except RetryError as error:
            raise GaveUp(f"{path}: {error.last_attempt.exception()!r}") from error

    def _answer(self, request: Request) -> dict[str, Any]:
        try:
            with self.opener.open(request, timeout=TIMEOUT) as answer:
                return json.load(answer)
        except HTTPError as error:
            if error.code < 500:
                raise Refused(f"{error.code} {error.read().decode()[:200]}") from error
            raise
