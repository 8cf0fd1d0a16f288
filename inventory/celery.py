"""The inventory worker: `celery -A inventory worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("inventory")
