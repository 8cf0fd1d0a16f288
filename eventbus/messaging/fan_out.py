"""Redis/Valkey: a message is sent once; the server makes a copy for each queue it goes to."""

from collections.abc import Iterable
from typing import Any

from kombu.transport import redis
from kombu.utils.json import dumps

#: Bytes of copies after which a batch is sent, and another begun: far fewer copies than the 8,000
#: that the script can hand to one command.
MAX_SENT_TOGETHER = 4_000_000

#: For each message there are three arguments: its text but for what is each copy's own, its tag,
#: and the numbers of its queues. A copy's own are a delivery tag, and its queue as return address.
FAN_OUT = """
local lists = {}
for number, queue in ipairs(KEYS) do
    local key = cjson.encode(queue)
    local address = '"delivery_info": {"exchange": "", "routing_key": ' .. key .. '}'
    lists[number] = {', ' .. address .. ', "delivery_tag": "', {}}
end
for each = 1, #ARGV, 3 do
    for number in string.gmatch(ARGV[each + 2], '%d+') do
        local to = lists[tonumber(number)]
        to[2][#to[2] + 1] = ARGV[each] .. to[1] .. ARGV[each + 1] .. '.' .. number .. '"}}'
    end
end
for number, queue in ipairs(KEYS) do
    redis.call('LPUSH', queue, unpack(lists[number][2]))
end
"""


class PublishBatch(redis.PublishBatch):
    """Sends the messages of a batch by one command."""

    def __init__(self, channel: Any, max_size: int) -> None:
        super().__init__(channel, max_size)
        self._clear()

    def _clear(self) -> None:
        self._numbers: dict[str, int] = {}
        self._arguments: list[str] = []
        self._bytes = 0

    def fan_out(self, message: dict[str, Any], queues: Iterable[str]) -> None:
        """Add a message to what is sent with the next `flush`, or before it if there is much."""
        numbers = [self._numbers.setdefault(name, len(self._numbers) + 1) for name in queues]
        text, tag = _text_and_tag(message)
        self._arguments += [text, tag, ",".join(map(str, numbers))]
        self._bytes += len(text) * len(numbers)
        if self._bytes > MAX_SENT_TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Send everything, once. Raises `BatchPublishError` when not all was taken."""
        if self._arguments:
            self._buffered += 1
            self.pipeline.eval(FAN_OUT, len(self._numbers), *self._numbers, *self._arguments)
            self._clear()
        super().flush()


def _text_and_tag(message: dict[str, Any]) -> tuple[str, str]:
    """Return a message as text that goes on with its copy's own properties, and its tag."""
    properties = dict(message["properties"])
    del properties["delivery_info"]
    tag = properties.pop("delivery_tag")
    return dumps({**message, "properties": properties}).removesuffix("}}"), tag
