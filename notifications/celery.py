"""The notifications worker: `celery -A notifications worker`."""

from shop.bus.worker import worker_app

app = worker_app("notifications")
