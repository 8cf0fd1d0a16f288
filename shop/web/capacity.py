"""Requests take turns, and none takes for ever to be sent or to be read.

Each page that is worked on has a thread and a connection to the database. Without a limit the
requests of one visitor would take them all, those of the workers included.
"""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from shop.ratelimit import visitor
from shop.web.answering import App, Message, Receive, Scope, Send, answer
from shop.web.lanes import Lane, Place

#: Asks nobody and needs no place.
ALIVE = "/healthz"
#: Asked by machines, which must not stand behind shoppers, nor strangers behind them.
MACHINES = ("/readyz", "/metrics")
MACHINES_PLACES = 3
#: Pages that are kept up to date: they all come back at once when a web process was restarted,
#: and need a place only until they flow.
STREAMS = "/events/"
STREAMS_PLACES, STREAMS_PATIENCE = 8, 30.0

#: Seconds in which a request must have been sent, and each part of an answer be taken.
SENT_WITHIN = TAKEN_WITHIN = 30.0
#: Bytes of a request: the largest files, and the form around them.
LARGEST_REQUEST = settings.LARGEST_UPLOAD + 1024 * 1024
#: Bytes of an address after its question mark.
LONGEST_QUERY = 16 * 1024
#: Seconds after which it is worth trying again.
SOON = "5"


class Capacity:
    """Gives each request its place before Django works on it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pages = Lane(settings.WEB_REQUESTS)
        self._machines = Lane(MACHINES_PLACES)
        self._streams = Lane(STREAMS_PLACES, STREAMS_PATIENCE, settings.LIVE_STREAMS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == ALIVE:
            await self._app(scope, receive, send)
        else:
            await Visit(scope, receive, send, self._lane(scope["path"])).served_by(self._app)

    def _lane(self, path: str) -> Lane:
        if path in MACHINES:
            return self._machines
        return self._streams if path.endswith(STREAMS) else self._pages


class Visit:
    """One request: it takes its place when it has been sent, and leaves it when it is answered."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, lane: Lane) -> None:
        self._scope, self._receive, self._send, self._lane = scope, receive, send, lane
        self._deadline = asyncio.get_running_loop().time() + SENT_WITHIN
        self._size = 0
        self._place: Place | None = None
        self._sent, self._refused = False, False
        self._streams = asyncio.Event()

    async def served_by(self, app: App) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        finally:
            if self._place:
                self._place.leave()

    async def receive(self) -> Message:
        """The request, part by part, while it may go on."""
        if not self._sent:
            return await self._part()
        # A page whose visitor has gone is finished all the same: its thread and its connection
        # are in use until then, and their place is not free.
        if not self._refused:
            await self._streams.wait()
        return {"type": "http.disconnect"} if self._refused else await self._receive()

    async def send(self, message: Message) -> None:
        """An answer's parts: a stream goes on without a place, others are taken in time."""
        if _begins_stream(message):
            self._streams.set()
            if self._place:
                self._place.leave()
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
        self._place = await self._lane.enter(_visitor(self._scope))
        if self._place is None:
            text = "Too much to do just now: please try again in a moment.\n"
            return await self._refuse(503, text, Retry_After=SOON)
        return last

    async def _refuse(self, status: int, text: str, **headers: str) -> Message:
        self._sent = self._refused = True
        await answer(self._send, status, text, Connection="close", **headers)
        return {"type": "http.disconnect"}


def _begins_stream(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message.get("headers", ())}
    return bytes(headers.get(b"content-type", b"")).startswith(b"text/event-stream")


def _visitor(scope: Scope) -> str:
    """Where a request comes from, as everywhere else."""
    headers = {bytes(name): bytes(value) for name, value in scope["headers"]}
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
    client: Any = scope.get("client") or ("",)
    meta = {"REMOTE_ADDR": client[0], "HTTP_X_FORWARDED_FOR": forwarded}
    return visitor.address(cast(HttpRequest, SimpleNamespace(META=meta)))
