"""The orders worker: `celery -A orders worker`."""

from shop.bus.worker import worker_app

app = worker_app("orders")
