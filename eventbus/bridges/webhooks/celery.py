"""The webhooks worker: `celery -A eventbus.bridges.webhooks worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("webhooks")
