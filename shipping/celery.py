"""The shipping worker: `celery -A shipping worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("shipping")
