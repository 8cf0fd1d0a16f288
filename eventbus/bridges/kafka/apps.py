"""The Kafka bridge as a Django app."""

from eventbus import layers


class KafkaConfig(layers.BridgeConfig):
    name = "eventbus.bridges.kafka"
    library = "confluent_kafka"
    needed_settings = ("KAFKA",)
    personal_setting = "KAFKA_PERSONAL"
