"""The Django app of the contracts: its commands need no table, and no broker that runs."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "eventbus.contracts"
    label = "eventbus_contracts"
