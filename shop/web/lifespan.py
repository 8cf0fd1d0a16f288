"""The start and the end of the web process, as ASGI's lifespan protocol tells them."""

import asyncio

from eventbus.messaging.pulse import Pulse, WorkerActivity
from eventbus.operations import heartbeat
from eventbus.operations.worker_status import WEB
from shop.web.asgi_protocol import App, Receive, Scope, Send


class Lifespan:
    """Middleware of ASGI that sends heartbeats while the server's loop runs.

    By them a host is found whose clock differs.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        pulse = Pulse(WEB)
        turning = asyncio.create_task(_turn(pulse))
        heartbeat.start(WEB, 1, lambda: WorkerActivity(0, []), pulse)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        turning.cancel()
        heartbeat.stop(WEB)
        await send({"type": "lifespan.shutdown.complete"})


async def _turn(pulse: Pulse) -> None:
    """Show each second that the loop still runs."""
    while True:
        pulse.beat()
        await asyncio.sleep(1)
