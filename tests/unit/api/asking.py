"""How a program asks the API, and one whole order."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from shop.accounts import customer_id
from shop.accounts.tokens import make_token
from tests.unit.storefront.conftest import APPROVED
from tests.unit.storefront.people import account

SHIP_TO = {
    "name": "Ada Lovelace",
    "line1": "1 Main St",
    "postcode": "N1 9GU",
    "city": "London",
    "country": "GB",
}


class Caller:
    """A program, with a customer's token or without."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        headers = {"Accept-Language": language, "Authorization": f"Bearer {token}"}
        self.headers = headers if token else {"Accept-Language": language}
        self.client = Client(headers=self.headers)

    @classmethod
    def of(cls, email: str) -> "Caller":
        user = account(email)
        caller = cls(make_token(customer_id(user), "my program"))
        caller.user = user
        return caller

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query)

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.generic(
            method, f"/api{path}", _json(body), "application/json", headers=headers
        )

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        return self.ask("POST", path, body, key)

    def cart(self, **units: int) -> str:
        """A new cart's id."""
        cart_id = self.post("/carts").json()["id"]
        for sku, quantity in units.items():
            answer = self.post(f"/carts/{cart_id}/items", {"sku": sku, "quantity": quantity})
            assert answer.status_code == 200
        return cart_id

    def wish(self, cart_id: str, **changes: Any) -> dict[str, Any]:
        """An order of this cart as it may be sent, at what it costs now."""
        choices = {"cart_id": cart_id, "email": "ada@example.com"}
        asked = {**choices, **{k: v for k, v in changes.items() if k in ("code", "points")}}
        quoted = self.post("/quote", {**asked, "country": "GB"})
        total = quoted.json().get("total", {"amount": "0"})["amount"]
        card = {"number": APPROVED}
        return {**choices, "ship_to": SHIP_TO, "total": total, "card": card, **changes}

    def order(self, cart_id: str, key: str = "", **changes: Any) -> Any:
        return self.post("/orders", self.wish(cart_id, **changes), key or str(uuid4()))


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body)
