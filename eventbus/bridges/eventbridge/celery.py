"""The EventBridge bridge's worker: `celery -A eventbus.bridges.eventbridge worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("eventbridge")
