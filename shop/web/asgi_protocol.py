"""The types of ASGI, and a short answer in its messages."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[..., Awaitable[None]]


async def send_text(send: Send, status: int, text: str, **headers: str) -> None:
    """Send a whole answer of plain text; `headers` are written with _ for -."""
    body = text.encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body))}
    named |= {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    pairs = [(name.encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
