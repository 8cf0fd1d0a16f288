"""The inventory worker: `celery -A inventory worker`."""

from shop.bus.worker import worker_app

app = worker_app("inventory")
