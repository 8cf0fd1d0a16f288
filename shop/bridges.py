"""What a deployment says of the bus's bridges, as their settings.

The settings import this module, so it needs nothing of Django.
"""

from shop.environment import Environment


def kafka_options(env: Environment) -> dict[str, str]:
    """Return the options of librdkafka; none where Kafka is not used."""
    options = {
        "bootstrap.servers": env.kafka_servers,
        "security.protocol": env.kafka_security,
        "ssl.ca.location": env.kafka_ca,
    }
    if env.kafka_security.startswith("sasl"):
        options |= {
            "sasl.mechanism": env.kafka_mechanism,
            "sasl.username": env.kafka_user,
            "sasl.password": env.kafka_password,
        }
    return {name: text for name, text in options.items() if text} if env.kafka_servers else {}
