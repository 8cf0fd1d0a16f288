"""The shop worker: `celery -A shop worker`."""

from shop.bus.worker import worker_app

app = worker_app("shop")
