"""Asking an ASGI application, and small ones to ask."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from shop.web.asgi_protocol import App, Receive, Scope, Send, send_text


async def say_ok(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads what is sent and answers."""
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] != "http.disconnect":
        await send_text(send, 200, "ok")


@dataclass
class Answered:
    """What came back."""

    status: int = 0
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def scope_of(path: str = "/", address: str = "192.0.2.1", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": pairs,
        "client": (address, 1),
    }


def body_of(parts: Iterable[bytes]) -> Receive:
    """Return what a visitor sends, part by part; then nothing more comes."""
    left = list(parts)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive


async def ask(
    app: App, path: str = "/", body: Receive | None = None, scope: Any = (), **options: Any
) -> Answered:
    """The whole answer to one request."""
    answered = Answered()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answered.status = message["status"]
            answered.headers = {name.decode(): v.decode() for name, v in message["headers"]}
        else:
            answered.text += message.get("body", b"").decode()

    await app({**scope_of(path, **options), **dict(scope)}, body or body_of([b""]), send)
    return answered


Holding = Callable[[Scope, Receive, Send], Awaitable[None]]
