"""Celery and the brokers as a Django app: its commands."""

from eventbus import layers


class MessagingConfig(layers.LayerConfig):
    name = "eventbus.messaging"
    label = "eventbus_messaging"
    verbose_name = "event bus: messaging"
