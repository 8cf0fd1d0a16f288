"""Retry while the database is away, so that outcomes can be recorded."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from eventbus.delivery import outage
from eventbus.delivery.outage_state import OutageState

log = structlog.get_logger("eventbus.messaging.worker")

#: Seconds a message waits for the database before it goes back to the queue.
RETRY_TIMEOUT = 30.0
#: Seconds that one waits which holds up the loop that consumes.
SHORT_RETRY_TIMEOUT = 5.0
#: Seconds between two attempts are random, below a bound that doubles from the first to the second.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0

Result = TypeVar("Result")

#: This worker's, from before its processes are forked.
outage_state = OutageState()


def _always(error: BaseException) -> bool:
    return True


def retry_through_outage(
    work: Callable[[], Result],
    timeout: float,
    is_retryable: Callable[[BaseException], bool] = _always,
) -> Result:
    """Call `work` until it succeeds, and return its result. `timeout`: seconds.

    Raises at once an error for which `is_retryable` is false, and the last one once `timeout` is
    over.
    """
    retrying = Retrying(
        retry=retry_if_exception_type(Exception) & retry_if_exception(is_retryable),
        # Those who wait do not all come at once.
        wait=wait_random_exponential(FIRST_PAUSE, max=LONGEST_PAUSE),
        stop=stop_after_delay(timeout),
        after=_record_failure,
        reraise=True,
    )
    return retrying(work)


def _record_failure(attempt: RetryCallState) -> None:
    error = attempt.outcome and attempt.outcome.exception()
    outage.drop_connections()
    # The lines below the first may quote rows, and so people.
    summary = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    outage_state.record(summary)
    log.warning("a message waits: nothing can be written down", error=summary)
