"""A shopper asks until they are told, always under the key of their order."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from devtools.chaos.load import Load
from devtools.chaos.shopper import Shopper
from devtools.shop_client import GaveUp, Refused, ShopClient, opener

ANSWERS = {
    "/api/carts": {"id": "c"},
    "/api/carts/c/items": {},
    "/api/quote": {"total": {"amount": "9.90"}},
    "/api/orders": {"id": "o"},
    "/api/orders/o/cancel": {},
}


class Shop(BaseHTTPRequestHandler):
    """Answers as the shop does, after the troubles that a test has set."""

    troubles: list = []
    keys: list = []
    addresses: list = []

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.addresses.append(self.client_address[0])
        if self.path == "/api/orders":
            self.keys.append(self.headers["Idempotency-Key"])
            if self.troubles:
                return self._fail(self.troubles.pop(0))
        return self._answer(200, ANSWERS[self.path])

    def _fail(self, trouble):
        if isinstance(trouble, int):
            return self._answer(trouble, {})
        return self.close_connection

    def _answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def shop():
    Shop.troubles, Shop.keys, Shop.addresses = [], [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


ADA = Shopper.of(1, 1)


def order(shop: str, *, over: bool = False) -> str:
    return ADA.order(ShopClient(lambda: shop, lambda: over), "approved")


def test_what_fails_or_breaks_off_is_asked_again_under_the_same_key(shop):
    Shop.troubles = [500, "broken off", 503]
    assert order(shop) == "o"
    assert Shop.keys == [ADA.key] * 4


def test_what_is_refused_in_words_is_not_asked_again(shop):
    Shop.troubles = [409]
    with pytest.raises(Refused, match="409"):
        order(shop)
    assert Shop.keys == [ADA.key]


@pytest.mark.skipif(sys.platform != "linux", reason="only there all of 127.0.0.0/8 is local")
def test_a_shopper_may_come_from_an_address_of_their_own(shop):
    ADA.order(ShopClient(lambda: shop, lambda: False, opener("127.80.0.7")), "approved")
    assert set(Shop.addresses) == {"127.80.0.7"}


def test_who_has_waited_long_enough_gives_up(shop):
    Shop.troubles = [500] * 9
    with pytest.raises(GaveUp):
        order(shop, over=True)


def test_every_shopper_of_a_load_is_in_its_log_once(shop):
    Shop.troubles = [409]
    load = Load(shop, seed=1, orders=3, seconds=0.1)
    load.start()
    load.wait()
    # One order id for all: the shop of this test has no other.
    assert (list(load.log.placed), len(load.log.refused)) == (["o"], 1)
    assert len(Shop.keys) == len(set(Shop.keys)) == 3


def test_shoppers_take_turns_between_the_web_processes_there_are(shop):
    load = Load("a", seed=1, orders=1, seconds=0)
    load.shops.append("b")
    assert [load._next_shop() for _ in range(4)] == ["a", "b", "a", "b"]
