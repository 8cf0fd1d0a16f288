"""Celery and the brokers as a Django app: its commands."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "eventbus.messaging"
    label = "eventbus_messaging"
    verbose_name = "event bus: messaging"
