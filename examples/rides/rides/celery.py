"""The rides worker: `celery -A rides worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("rides")
