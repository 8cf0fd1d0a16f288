"""What comes from outside: accepted, or kept as rejected. Nothing blocks what is behind it."""

import structlog

from eventbus.conf import conf
from eventbus.delivery import outage
from eventbus.exceptions import NotAccepted
from eventbus.inbound import rejections
from eventbus.inbound.accepting import accept
from eventbus.inbound.cloud_event import parse

log = structlog.get_logger("eventbus.inbound")

#: What a CloudEvent has around its data, in bytes.
ROOM = 8192
#: A deadlock, say, is no fault of the event's.
TRIES = 3


def receive(content: bytes, *, via: str) -> bool:
    """Take in one message, a CloudEvent in its JSON format; committed when it returns.

    `via`: the queue or topic that it came by. Returns whether it is a new event. One that is not
    accepted is kept with the reason, see `eventbus.inbound.rejections`. Raises the database's
    errors where it is away: then give the message back, and come again.
    """
    try:
        return _accept(content)
    except NotAccepted as error:
        rejections.keep(content, via=via, reason=error)
    return False


def _accept(content: bytes) -> bool:
    """Accept a message. Raises `NotAccepted`, also for what fails in a way nobody thought of."""
    limit = conf.MAX_EVENT + ROOM
    if len(content) > limit:
        raise NotAccepted("it is too large", f"{len(content):,} bytes are more than {limit:,}")
    for _ in range(TRIES):
        try:
            return accept(parse(content))
        except NotAccepted:
            raise
        except Exception as error:
            if outage.is_outage(error):
                raise
            failed = error
    log.error("a foreign event failed", error=type(failed).__name__)
    raise NotAccepted("it failed", type(failed).__name__) from failed
