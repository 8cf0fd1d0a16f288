"""The Kafka bridge's worker: `celery -A eventbus.bridges.kafka worker`."""

from eventbus.messaging.worker import worker_app

app = worker_app("kafka")
