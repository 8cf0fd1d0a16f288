"""A small Stripe on this machine: the calls the shop uses, as Stripe answers them.

Form-encoded in, JSON out; an idempotency key replays its first answer and
refuses other parameters; payments go through Stripe's states and no others.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stripe import WebhookSignature

KEY, WEBHOOK_SECRET = "sk_test_ours", "whsec_ours"

Object = dict[str, Any]


class Refused(Exception):
    def __init__(self, status: int, kind: str, code: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": message, **more}}


class StripeServer(ThreadingHTTPServer):
    """Its books are plain attributes. `troubles` are used up, one for each POST that is new.

    A trouble is None, `unavailable` (503, not carried out), `busy` (429), `lost` (carried
    out, no answer), or a `Refused`.
    """

    daemon_threads = True
    #: payments in a list
    per_page = 100

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.sessions: dict[str, Object] = {}
        self.intents: dict[str, Object] = {}
        self.refunds: dict[str, Object] = {}
        self.disputes: dict[str, Object] = {}
        self.troubles: list[Any] = []
        self.calls: list[str] = []
        self._answers: dict[str, tuple[Any, int, Object]] = {}
        self._ids = count(1)
        self._lock = threading.RLock()

    # What a shopper, the bank and time do.

    def pay(self, session_id: str) -> Object:
        """The shopper types a good card on the page; returns Stripe's message about it."""
        session = self.sessions[session_id]
        assert session["status"] == "open", "nobody can pay on a closed page"
        made = session.pop("_payment_intent_data")
        assert made["capture_method"] == "manual"
        units = session["amount_total"]
        intent = self._add(
            self.intents, "pi", "payment_intent", status="requires_capture", amount=units,
            amount_capturable=units, amount_received=0, currency=session["currency"],
            metadata=made["metadata"], created=int(time.time()),
        )  # fmt: skip
        session |= {"status": "complete", "payment_intent": intent["id"], "url": None}
        return self.message("checkout.session.completed", session)

    def expire(self, session_id: str) -> Object:
        """A day went by; returns Stripe's message about it."""
        session = self.sessions[session_id] | {"status": "expired", "url": None}
        self.sessions[session_id] = session
        return self.message("checkout.session.expired", session)

    def lapse(self) -> None:
        """The bank held it for a week: no longer."""
        for intent in self.intents.values():
            intent |= {"status": "canceled", "amount_capturable": 0}

    # What people do in Stripe's dashboard, and banks of their own accord.

    def refund_there(self, units: int) -> Object:
        """Somebody gives money of the one payment back; returns Stripe's message about it."""
        (intent,) = self.intents.values()
        refund = self._refund({"payment_intent": intent["id"], "amount": units, "metadata": {}})
        return self.message("refund.created", refund)

    def fail_refunds(self) -> Object:
        """The bank sends what was given back; returns Stripe's message about the last one."""
        for refund in self.refunds.values():
            refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
        return self.message("refund.failed", refund)

    def dispute(self, status: str, units: int | None = None) -> Object:
        """The one payment is disputed, or its dispute goes on; returns Stripe's message."""
        (intent,) = self.intents.values()
        (known,) = self.disputes.values() or [None]
        dispute = known or self._add(
            self.disputes, "dp", "dispute", amount=units or intent["amount_received"],
            currency=intent["currency"], payment_intent=intent["id"], reason="fraudulent",
        )  # fmt: skip
        dispute["status"] = status
        closed = status in ("won", "lost", "warning_closed")
        return self.message(f"charge.dispute.{'closed' if closed else 'created'}", dispute)

    def capture_there(self, units: int) -> None:
        """Somebody takes this much of the one held payment."""
        (intent,) = self.intents.values()
        self._capture(intent["id"], {"amount_to_capture": units})

    def cancel_there(self) -> Object:
        """Somebody cancels the one held payment; returns Stripe's message about it."""
        (intent,) = self.intents.values()
        return self.message("payment_intent.canceled", self._cancel(intent["id"], {}))

    def forget_keys(self) -> None:
        """A day went by."""
        self._answers.clear()

    def message(self, kind: str, about: Object) -> Object:
        shown = {name: value for name, value in about.items() if not name.startswith("_")}
        event = {"type": kind, "data": {"object": shown}, "created": int(time.time())}
        return self._add({}, "evt", "event", **event)

    # What is asked of it.

    def answer(self, method: str, path: str, asked: Object, key: str | None) -> tuple[int, Object]:
        """Raises `ConnectionAbortedError` where the answer gets lost."""
        with self._lock:
            self.calls.append(f"{method} {path}")
            if method == "GET":
                return self._carried_out(method, path, asked)
            assert key, "every call that changes something has a key of ours"
            if known := self._answers.get(key):
                return self._replayed(known, (path, asked))
            trouble = self.troubles.pop(0) if self.troubles else None
            if trouble in ("unavailable", "busy"):
                status = 503 if trouble == "unavailable" else 429
                return status, {"error": {"type": "api_error", "message": trouble}}
            if isinstance(trouble, Refused):
                return trouble.status, trouble.body
            status, body = self._carried_out(method, path, asked)
            self._answers[key] = ((path, asked), status, body)
        if trouble == "lost":
            raise ConnectionAbortedError
        return status, body

    def _replayed(self, known: tuple[Any, int, Object], asked: Any) -> tuple[int, Object]:
        before, status, body = known
        if before == asked:
            return status, body
        message = "Keys for idempotent requests can only be used with the same parameters"
        return 400, {"error": {"type": "idempotency_error", "message": message}}

    def _carried_out(self, method: str, path: str, asked: Object) -> tuple[int, Object]:
        for pattern, operation in _ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                try:
                    body = operation(self, *found.groups(), asked)
                except Refused as refused:
                    return refused.status, refused.body
                return 200, json.loads(json.dumps(body))
        return 404, {"error": {"type": "invalid_request_error", "message": f"no {method} {path}"}}

    def _add(self, to: dict[str, Object], prefix: str, kind: str, **values: Any) -> Object:
        made = {"id": f"{prefix}_test_{next(self._ids)}", "object": kind, **values}
        to[made["id"]] = made
        return made

    def _open_session(self, asked: Object) -> Object:
        if unknown := set(asked) - _SESSION_PARAMETERS:
            raise _bad("parameter_unknown", f"Received unknown parameters: {unknown}")
        (line,) = asked["line_items"].values()
        price = line["price_data"]
        units = int(price["unit_amount"]) * int(line["quantity"])
        if units < _LEAST:
            raise _bad("amount_too_small", "The total amount must convert to at least 50 cents.")
        session = self._add(
            self.sessions, "cs", "checkout.session", status="open", mode=asked["mode"],
            amount_total=units, payment_intent=None, _name=price["product_data"]["name"],
            currency=price["currency"], metadata=asked["metadata"],
            success_url=asked["success_url"], cancel_url=asked["cancel_url"],
            _payment_intent_data=asked["payment_intent_data"],
        )  # fmt: skip
        session["url"] = f"{self.address}/pay/{session['id']}"
        return self._shown(session)

    def _show_session(self, session_id: str, asked: Object) -> Object:
        return self._shown(_known(self.sessions, session_id), expand=bool(asked.get("expand")))

    def _expire_session(self, session_id: str, asked: Object) -> Object:
        if _known(self.sessions, session_id)["status"] != "open":
            raise _bad("resource_missing", "Only open sessions can be expired.")
        self.expire(session_id)
        return self._show_session(session_id, asked)

    def _shown(self, session: Object, expand: bool = False) -> Object:
        shown = {name: value for name, value in session.items() if not name.startswith("_")}
        if expand and shown["payment_intent"]:
            shown["payment_intent"] = self.intents[shown["payment_intent"]]
        return shown

    def _show_intent(self, intent_id: str, asked: Object) -> Object:
        return self._with_charge(_known(self.intents, intent_id))

    def _list_intents(self, asked: Object) -> Object:
        """A page of them, the newest first."""
        found = [i for i in self.intents.values() if i["created"] >= int(asked["created"]["gte"])]
        found = found[::-1]
        if after := asked.get("starting_after"):
            found = found[[i["id"] for i in found].index(after) + 1 :]
        page = [self._with_charge(intent) for intent in found[: self.per_page]]
        more = len(found) > self.per_page
        return {"object": "list", "url": "/v1/payment_intents", "has_more": more, "data": page}

    def _with_charge(self, intent: Object) -> Object:
        """As it is shown when its latest charge is asked for as well."""
        refunds = [r for r in self._refunds_of(intent["id"]) if r["status"] != "failed"]
        charge = {
            "id": f"ch_{intent['id']}",
            "object": "charge",
            "amount_refunded": sum(refund["amount"] for refund in refunds),
            "disputed": bool(self._disputes_of(intent["id"])),
        }
        return intent | {"latest_charge": charge}

    def _capture(self, intent_id: str, asked: Object) -> Object:
        intent = self._held(intent_id)
        units = int(asked.get("amount_to_capture", intent["amount_capturable"]))
        if units > intent["amount_capturable"]:
            raise _bad("amount_too_large", "More than is held.")
        return _changed(intent, status="succeeded", amount_capturable=0, amount_received=units)

    def _cancel(self, intent_id: str, asked: Object) -> Object:
        return _changed(self._held(intent_id), status="canceled", amount_capturable=0)

    def _held(self, intent_id: str) -> Object:
        intent = _known(self.intents, intent_id)
        if intent["status"] != "requires_capture":
            raise _bad("payment_intent_unexpected_state", f"It is {intent['status']}.")
        return intent

    def _refund(self, asked: Object) -> Object:
        intent = _known(self.intents, asked["payment_intent"])
        given = [r for r in self._refunds_of(intent["id"]) if r["status"] != "failed"]
        before = sum(r["amount"] for r in given)
        if any(d["status"] in _WITHHELD for d in self._disputes_of(intent["id"])):
            raise _bad("charge_disputed", "The payment is disputed.")
        if before + int(asked["amount"]) > intent["amount_received"]:
            raise _bad("charge_already_refunded", "More than was taken.")
        return self._add(
            self.refunds, "re", "refund", status="succeeded", amount=int(asked["amount"]),
            payment_intent=intent["id"], currency=intent["currency"], metadata=asked["metadata"],
        )  # fmt: skip

    def _list_refunds(self, asked: Object) -> Object:
        found = self._refunds_of(asked["payment_intent"])[::-1]
        return {"object": "list", "url": "/v1/refunds", "has_more": False, "data": found}

    def _list_disputes(self, asked: Object) -> Object:
        found = self._disputes_of(asked["payment_intent"])
        return {"object": "list", "url": "/v1/disputes", "has_more": False, "data": found}

    def _disputes_of(self, intent_id: str) -> list[Object]:
        return [d for d in self.disputes.values() if d["payment_intent"] == intent_id]

    def _refunds_of(self, intent_id: str) -> list[Object]:
        return [r for r in self.refunds.values() if r["payment_intent"] == intent_id]


#: Of those that API version 2026-10-28.endive knows, the ones this server understands.
_SESSION_PARAMETERS = {
    "mode", "allowed_payment_method_types", "client_reference_id", "metadata",
    "payment_intent_data", "line_items", "success_url", "cancel_url",
}  # fmt: skip
_WITHHELD = {"needs_response", "under_review", "lost"}
#: Of euros and dollars: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
_LEAST = 50
_SESSION, _INTENT = r"/v1/checkout/sessions/(cs_\w+)", r"/v1/payment_intents/(pi_\w+)"
_ROUTES: list[tuple[str, Callable[..., Object]]] = [
    ("POST /v1/checkout/sessions", StripeServer._open_session),
    (f"GET {_SESSION}", StripeServer._show_session),
    (f"POST {_SESSION}/expire", StripeServer._expire_session),
    (f"GET {_INTENT}", StripeServer._show_intent),
    (f"POST {_INTENT}/capture", StripeServer._capture),
    (f"POST {_INTENT}/cancel", StripeServer._cancel),
    ("GET /v1/payment_intents", StripeServer._list_intents),
    ("GET /v1/disputes", StripeServer._list_disputes),
    ("POST /v1/refunds", StripeServer._refund),
    ("GET /v1/refunds", StripeServer._list_refunds),
]


def signed(message: Object, secret: str = WEBHOOK_SECRET, at: float | None = None) -> Object:
    """Return what Stripe posts: the arguments of the test client's `post`."""
    body = json.dumps(message)
    stamp = WebhookSignature.generate_signature_header(body, secret, int(at or time.time()))
    headers = {"Stripe-Signature": stamp}
    return {"data": body, "content_type": "application/json", "headers": headers}


class _Handler(BaseHTTPRequestHandler):
    server: StripeServer
    protocol_version = "HTTP/1.1"
    #: An answer in one piece: a second one would wait until the first is acknowledged.
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer(parse_qsl(urlsplit(self.path).query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(parse_qsl(body, strict_parsing=bool(body)))

    def _answer(self, pairs: list[tuple[str, str]]) -> None:
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self._send(401, {"error": {"type": "invalid_request_error", "message": "wrong key"}})
            return
        path, key = urlsplit(self.path).path, self.headers["Idempotency-Key"]
        try:
            self._send(*self.server.answer(self.command, path, _nested(pairs), key))
        except ConnectionAbortedError:
            self.close_connection = True

    def _send(self, status: int, body: Object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """The tests look at the books instead."""


def _nested(pairs: list[tuple[str, str]]) -> Object:
    """`a[b][0]=c` as {"a": {"b": {"0": "c"}}}, the way Stripe reads forms."""
    whole: Object = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", name)
        inner = whole
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return whole


def _known(objects: dict[str, Object], object_id: str) -> Object:
    if object_id not in objects:
        raise Refused(404, "invalid_request_error", "resource_missing", f"No such {object_id}")
    return objects[object_id]


def _changed(kept: Object, **values: Any) -> Object:
    kept |= values
    return kept


def _bad(code: str, message: str) -> Refused:
    return Refused(400, "invalid_request_error", code, message)
