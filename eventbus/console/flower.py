"""Links into Flower: a worker's page, and the list of tasks narrowed to an app or a type of event.

A message's task id is new each time it is sent and is not kept, so no single task is linked.
"""

from collections.abc import Iterable
from urllib.parse import quote, urlencode, urljoin

from eventbus.conf import conf
from eventbus.operations.models import WorkerHeartbeat


def worker_url(node: str) -> str:
    """Return the page of a worker by its name in Celery; empty without one, or without Flower."""
    return _address(f"worker/{quote(node, safe='@')}") if node else ""


def worker_urls(app: str) -> list[tuple[str, str]]:
    """Return the workers of an app that were seen lately, each by its name and page."""
    if not conf.FLOWER_URL:
        return []
    return named(WorkerHeartbeat.objects.filter(app=app).exclude(node="").order_by("node"))


def named(seen: Iterable[WorkerHeartbeat]) -> list[tuple[str, str]]:
    """Return each worker's name and page."""
    return [(row.node, worker_url(row.node)) for row in seen]


def tasks_url(type: str = "", app: str = "") -> str:
    """Return the list of tasks, of one type of event or of one app's workers if given.

    Empty if there is no Flower. It holds what Flower has seen since it was started.
    """
    wanted = {"name": type, "worker": f"{app}@" if app else ""}
    query = urlencode({name: value for name, value in wanted.items() if value}, quote_via=quote)
    return _address(f"tasks?{query}" if query else "tasks")


def _address(path: str) -> str:
    base = conf.FLOWER_URL
    return urljoin(base if base.endswith("/") else f"{base}/", path) if base else ""
