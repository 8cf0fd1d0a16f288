"""The orders worker: `celery -A orders worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("orders")
