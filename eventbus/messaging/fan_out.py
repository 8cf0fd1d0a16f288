"""Redis/Valkey: the copies of a message for the queues of the fan-out, and how they are pushed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kombu.transport import redis
from kombu.utils.json import dumps

#: Bytes of copies after which a batch is sent, and another begun.
MAX_SENT_TOGETHER = 4_000_000


class PublishBatch(redis.PublishBatch):
    """Pushes all copies for a queue by one command, and the commands in one round trip."""

    def __init__(self, channel: Any, max_size: int) -> None:
        super().__init__(channel, max_size)
        self._copies: dict[str, list[str]] = {}
        self._bytes = 0

    def push(self, queue: str, copy: str) -> None:
        """Add a copy to what is sent with the next `flush`, or before it if there is much."""
        self._copies.setdefault(queue, []).append(copy)
        self._bytes += len(copy)
        if self._bytes > MAX_SENT_TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Send everything, once. Raises `BatchPublishError` when not all was taken."""
        self._buffered += len(self._copies)
        for queue, copies in self._copies.items():
            self.pipeline.lpush(queue, *copies)
        self._copies, self._bytes = {}, 0
        super().flush()


def copies(message: dict[str, Any], queues: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each queue with its copy, as text: all is written out once, but what is its own.

    That is a delivery tag, and the queue as return address.
    """
    properties = dict(message["properties"])
    delivery_info, tag = properties.pop("delivery_info"), properties.pop("delivery_tag")
    common = dumps({**message, "properties": properties}).removesuffix("}}")
    for queue in queues:
        own = {
            "delivery_info": {
                **delivery_info,
                "exchange": "",
                "routing_key": queue,
            },
            "delivery_tag": f"{tag}.{queue}",
        }
        yield queue, f"{common}, {json.dumps(own)[1:]}}}"
