"""The shipping worker: `celery -A shipping worker`."""

from shop.bus.worker import worker_app

app = worker_app("shipping")
