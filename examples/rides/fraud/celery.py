"""The fraud worker: `celery -A fraud worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("fraud")
