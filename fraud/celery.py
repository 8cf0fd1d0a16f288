"""The fraud worker: `celery -A fraud worker`."""

from shop.bus.worker import worker_app

app = worker_app("fraud")
