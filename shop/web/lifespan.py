"""The start and the end of the web process, as ASGI's lifespan protocol tells them."""

import asyncio

from eventbus.messaging.liveness import Liveness, WorkerActivity
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
        liveness = Liveness(WEB)
        turning = asyncio.create_task(_turn(liveness))
        heartbeat.start(WEB, 1, lambda: WorkerActivity(0, []), liveness)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        turning.cancel()
        heartbeat.stop(WEB)
        await send({"type": "lifespan.shutdown.complete"})


async def _turn(liveness: Liveness) -> None:
    """Show each second that the loop still runs."""
    while True:
        liveness.mark_alive()
        await asyncio.sleep(1)
