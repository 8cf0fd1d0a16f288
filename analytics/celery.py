"""The analytics worker: `celery -A analytics worker`."""

from shop.bus.worker import worker_app

app = worker_app("analytics")
