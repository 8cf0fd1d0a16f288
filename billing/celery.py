"""The billing worker: `celery -A billing worker`."""

from shop.bus.worker import worker_app

app = worker_app("billing")
