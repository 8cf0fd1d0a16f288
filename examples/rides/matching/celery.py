"""The matching worker: `celery -A matching worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("matching")
