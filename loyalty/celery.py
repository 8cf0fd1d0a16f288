"""The loyalty worker: `celery -A loyalty worker`."""

from shop.bus.worker import worker_app

app = worker_app("loyalty")
