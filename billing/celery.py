"""The billing worker: `celery -A billing worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("billing")
