"""The surge worker: `celery -A surge worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("surge")
