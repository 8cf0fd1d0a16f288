"""Probe whether the broker accepts messages: one that is full or read-only still answers."""

from typing import Any

from kombu import Connection

from eventbus.conf import conf
from eventbus.exceptions import BrokerNotAccepting, in_one_line
from eventbus.messaging import broker
from eventbus.messaging.transport import EXCHANGE

#: Seconds that each step of a trial may take.
WITHIN = 3.0
#: What a trial leaves for a second in Redis.
KEY = f"{conf.NAME}.trial"


def check() -> None:
    """Raise `BrokerNotAccepting`, or another of `broker.errors()` if it is away, soon."""
    connection = broker.connect(WITHIN)
    try:
        connection.connect()
        probe(connection)
    except BaseException:
        # Who takes nothing would not answer a goodbye either.
        connection.collect()
        raise
    finally:
        connection.release()


def probe(connection: Connection) -> None:
    """Have the broker take something that is for nobody. Raises `BrokerNotAccepting`."""
    channel: Any = connection.default_channel
    try:
        if broker.is_rabbitmq():
            # Under alarm RabbitMQ takes the first message of a connection, then reads no more.
            for _ in range(2):
                nothing = channel.prepare_message(b"")
                channel.basic_publish(nothing, exchange=EXCHANGE, confirm_timeout=WITHIN)
        else:
            channel.client.set(KEY, "", px=1000)
    except broker.errors() as error:
        raise BrokerNotAccepting(f"the broker takes no messages: {in_one_line(error)}") from error
