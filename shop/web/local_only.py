"""A shop that is not set up as production answers this machine alone."""

from functools import cache

import structlog
from django.conf import settings

from shop import production
from shop.listen_addresses import public_addresses
from shop.settings import env
from shop.web.asgi_protocol import App, Receive, Scope, Send, send_text

log = structlog.get_logger("shop")

CLOSED = "This shop is not set up for others than its own machine; its log says what is missing.\n"


class LocalOnly:
    """Middleware of ASGI that answers 503 where the server listens beyond this machine.

    It looks where the server really listens, however it was told to, once it serves.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_open():
            await send_text(send, 503, CLOSED)
        else:
            await self._app(scope, receive, send)


@cache
def _is_open() -> bool:
    doors = [] if settings.PRODUCTION else public_addresses()
    if doors:
        causes = production.faults(env)
        log.critical("refused: reached from elsewhere", at=doors, causes=causes)
    return bool(doors)
