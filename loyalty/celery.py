"""The loyalty worker: `celery -A loyalty worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("loyalty")
