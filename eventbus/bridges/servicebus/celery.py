"""The Service Bus bridge's worker: `celery -A eventbus.bridges.servicebus worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("servicebus")
