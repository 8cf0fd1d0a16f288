"""Refusals of a broker that answers and lets no worker in: waiting does not help."""

import time
from ssl import SSLEOFError, SSLError, SSLZeroReturnError

import structlog
from amqp.exceptions import AMQPError
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)

from eventbus.exceptions import in_one_line

log = structlog.get_logger("eventbus.messaging.worker")

#: Seconds for which a worker that was never up tries, and one that was: RabbitMQ notices as late
#: that a connection is gone, and keeps for it what is its own.
AT_START, LATER = 10.0, 60.0
#: Longer than any pause between two tries: what comes after it has begun anew.
QUIET = 20.0
#: AMQP's codes: access refused, not found, locked, precondition failed, not allowed.
CODES = (403, 404, 405, 406, 530)
#: What Redis says while it is unwell.
UNWELL = ("MISCONF", "NOREPLICAS", "MASTERDOWN", "LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN")


def is_refusal(error: BaseException | None) -> bool:
    """Return whether this error, or one that led to it, is the broker's refusal."""
    if error is None:
        return False
    return _refuses(error) or is_refusal(error.__cause__ or error.__context__)


def _refuses(error: BaseException) -> bool:
    if isinstance(error, AMQPError):
        return error.code in CODES
    if isinstance(error, ReadOnlyError | OutOfMemoryError | SSLEOFError | SSLZeroReturnError):
        return False
    if isinstance(error, ResponseError):
        return not str(error).startswith(UNWELL)
    return isinstance(error, AuthenticationError | AuthorizationError | SSLError)


class Refusals:
    """Ends a worker that is refused again and again, so that somebody looks."""

    def __init__(self) -> None:
        self.give_up_after = AT_START
        self._first = self._last = float("-inf")

    def mark_connected(self) -> None:
        self.give_up_after = LATER

    def count(self, app: str, error: BaseException) -> None:
        """Raise SystemExit with 1, and say why in one line, when it is time to give up."""
        if not is_refusal(error):
            return
        now = time.monotonic()
        if now - self._last > QUIET:
            self._first = now
        self._last = now
        if now - self._first >= self.give_up_after:
            log.critical(f"ended: the broker refuses this worker: {in_one_line(error)}", app=app)
            raise SystemExit(1)
