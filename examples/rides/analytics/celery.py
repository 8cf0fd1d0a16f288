"""The analytics worker: `celery -A analytics worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("analytics")
