"""The Service Bus bridge as a Django app."""

from eventbus import layers


class ServiceBusConfig(layers.BridgeConfig):
    name = "eventbus.bridges.servicebus"
    library = "azure.servicebus"
    needed_settings = ("SERVICEBUS_CONNECTION_STRING", "SERVICEBUS_TOPIC")
    personal_setting = "SERVICEBUS_PERSONAL"
