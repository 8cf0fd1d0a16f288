"""The EventBridge bridge as a Django app."""

from eventbus import layers


class EventBridgeConfig(layers.BridgeConfig):
    name = "eventbus.bridges.eventbridge"
    library = "boto3"
    needed_settings = ("EVENTBRIDGE_BUS",)
    personal_setting = "EVENTBRIDGE_PERSONAL"
