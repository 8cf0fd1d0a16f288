"""A relay that publishes what is due each time it is asked to, and answers what that took."""

import time
from contextlib import closing
from multiprocessing.connection import Connection

from eventbus.delivery import relay
from eventbus.messaging import topology
from eventbus.messaging.broker import Publisher


def drain(asker: Connection) -> None:
    """Say that we are ready, and drain as often as the answer is true."""
    topology.declare()
    with closing(Publisher()) as publisher:
        relay.publish_due(publisher)
        asker.send({})
        while asker.recv():
            before, published = time.process_time(), 0
            while count := relay.publish_due(publisher):
                published += count
            asker.send({"published": published, "worked": time.process_time() - before})
