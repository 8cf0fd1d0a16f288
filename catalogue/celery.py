"""The catalogue worker: `celery -A catalogue worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("catalogue")
