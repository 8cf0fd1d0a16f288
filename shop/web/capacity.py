"""Limits of a web process: requests at a time, and the time and size of each.

Each page that is worked on has a thread and a connection to the database. Without a limit the
requests of one visitor would take them all, those of the workers included.
"""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from shop.ratelimit import client_address
from shop.web.asgi_protocol import App, Message, Receive, Scope, Send, send_text
from shop.web.concurrency import ConcurrencyLimit, Slot

#: Asks nobody and needs no slot.
ALIVE = "/healthz"
#: Asked by machines, which must not stand behind shoppers, nor strangers behind them.
PROBES = ("/readyz", "/metrics")
PROBE_SLOTS = 3
#: Pages that are kept up to date: they all come back at once when a web process was restarted,
#: and need a slot only until they flow.
STREAMS = "/events/"
STREAM_SLOTS, STREAM_TIMEOUT = 8, 30.0

#: Seconds in which a request must have been sent, and each part of an answer be taken.
SENT_WITHIN = TAKEN_WITHIN = 30.0
#: Bytes of a request: the largest files, and the form around them.
LARGEST_REQUEST = settings.LARGEST_UPLOAD + 1024 * 1024
#: Bytes of an address after its question mark.
LONGEST_QUERY = 16 * 1024
#: Seconds after which it is worth trying again.
SOON = "5"


class Capacity:
    """Middleware of ASGI that has each request wait for a slot before Django works on it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pages = ConcurrencyLimit(settings.WEB_REQUESTS)
        self._machines = ConcurrencyLimit(PROBE_SLOTS)
        self._streams = ConcurrencyLimit(STREAM_SLOTS, STREAM_TIMEOUT, settings.LIVE_STREAMS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == ALIVE:
            await self._app(scope, receive, send)
        else:
            await Visit(scope, receive, send, self._limit(scope["path"])).served_by(self._app)

    def _limit(self, path: str) -> ConcurrencyLimit:
        if path in PROBES:
            return self._machines
        return self._streams if path.endswith(STREAMS) else self._pages


class Visit:
    """One request: it acquires a slot when it has been sent, and releases it when answered."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: ConcurrencyLimit) -> None:
        self._scope, self._receive, self._send, self._limit = scope, receive, send, limit
        self._deadline = asyncio.get_running_loop().time() + SENT_WITHIN
        self._size = 0
        self._slot: Slot | None = None
        self._sent, self._refused = False, False
        self._streams = asyncio.Event()

    async def served_by(self, app: App) -> None:
        """Have the application answer, and release the slot whatever happens."""
        try:
            await app(self._scope, self.receive, self.send)
        finally:
            if self._slot:
                self._slot.release()

    async def receive(self) -> Message:
        """Hand on the request, part by part, while it may go on."""
        if not self._sent:
            return await self._part()
        # A page whose visitor has gone is finished all the same: its thread and its connection
        # are in use until then, and their slot is not free.
        if not self._refused:
            await self._streams.wait()
        return {"type": "http.disconnect"} if self._refused else await self._receive()

    async def send(self, message: Message) -> None:
        """Send a part of the answer: a stream needs no slot, others must be taken in time."""
        if _starts_stream(message):
            self._streams.set()
            if self._slot:
                self._slot.release()
        if self._streams.is_set():
            await self._send(message)
            return
        try:
            async with asyncio.timeout(TAKEN_WITHIN):
                await self._send(message)
        except TimeoutError:
            # What Django knows as a visitor who has gone: it then ends the answer in order.
            raise asyncio.CancelledError from None

    async def _part(self) -> Message:
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            return await self._refuse(408, "This took too long to be sent.\n")
        self._size += len(message.get("body", b""))
        if len(self._scope["query_string"]) > LONGEST_QUERY:
            return await self._refuse(414, "This address is too long.\n")
        if self._size > LARGEST_REQUEST:
            return await self._refuse(413, "This is more than we take.\n")
        if message["type"] == "http.request" and not message.get("more_body"):
            return await self._begin(message)
        return message

    async def _begin(self, last: Message) -> Message:
        self._sent = True
        self._slot = await self._limit.acquire(_client_ip(self._scope))
        if self._slot is None:
            text = "Too much to do just now: please try again in a moment.\n"
            return await self._refuse(503, text, Retry_After=SOON)
        return last

    async def _refuse(self, status: int, text: str, **headers: str) -> Message:
        self._sent = self._refused = True
        await send_text(self._send, status, text, Connection="close", **headers)
        return {"type": "http.disconnect"}


def _starts_stream(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message.get("headers", ())}
    return bytes(headers.get(b"content-type", b"")).startswith(b"text/event-stream")


def _client_ip(scope: Scope) -> str:
    """Return the client's address, as everywhere else."""
    headers = {bytes(name): bytes(value) for name, value in scope["headers"]}
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
    client: Any = scope.get("client") or ("",)
    meta = {"REMOTE_ADDR": client[0], "HTTP_X_FORWARDED_FOR": forwarded}
    return client_address.client_ip(cast(HttpRequest, SimpleNamespace(META=meta)))
