"""The shop worker: `celery -A shop worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("shop")
