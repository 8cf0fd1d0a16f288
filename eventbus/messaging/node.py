"""The unique node name of a worker."""

import os
import secrets
from typing import Any

from celery.apps.worker import Worker as CeleryWorker
from celery.utils.nodenames import NODENAME_DEFAULT, default_nodename, nodename, nodesplit


def unique_name(app: str, given: str | None) -> str:
    """Return `billing@host.4711.3f2a`: the app, or what `-n` gave; the process; some chance.

    Processes in containers share the ids of others, and now and then the host's name.
    """
    name, host = nodesplit(default_nodename(given))
    named = app if name == NODENAME_DEFAULT else name
    return nodename(named, f"{host}.{os.getpid()}.{secrets.token_hex(2)}")


class Worker(CeleryWorker):
    """Two of one name would be one to Flower, and RabbitMQ lets the second one never in."""

    def __init__(self, app: Any = None, hostname: str | None = None, **options: Any) -> None:
        main = (app or self.app).main
        super().__init__(app, unique_name(main, hostname), **options)
