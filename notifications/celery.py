"""The notifications worker: `celery -A notifications worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("notifications")
