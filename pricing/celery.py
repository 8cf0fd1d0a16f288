"""The pricing worker: `celery -A pricing worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("pricing")
