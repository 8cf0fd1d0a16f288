"""Batches of the messages that wait in a worker, for its pool.

The first message of a quiet queue is given at once, or, in an app that no other waits for, after
`BATCH_LINGER` with what has come by then. What comes while all processes are busy is taken
together by the first that is free. To Celery, and so in Flower, each message stays a task of its
own.
"""

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any
from weakref import ref

from billiard.einfo import ExceptionInfo
from billiard.exceptions import Terminated, WorkerLostError
from celery.worker import state
from celery.worker.request import Request

from eventbus import registry
from eventbus.conf import conf

#: What became of a message, as `eventbus.messaging.handling.Outcome` has it, and its seconds.
Result = tuple[str, float]


class Batches:
    """A worker's messages that no process has taken yet."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        is_waited_for = registry.is_waited_for(consumer.app.main)
        #: seconds
        self._linger = 0.0 if is_waited_for else conf.BATCH_LINGER.total_seconds()
        self._waiting: deque[Request] = deque()
        #: those that are to share a job with no other
        self._alone: set[str] = set()
        self._is_asking = False

    def add(self, request: Request) -> None:
        """Take a message that was received; for Celery this is how it gets to the pool.

        With the others of this turn of the loop: the first of them does not go alone.
        """
        self._waiting.append(request)
        hub, count = self._consumer.hub, len(self._waiting)
        if not hub:
            self._ask()
        elif not self._linger or count >= conf.BATCH_SIZE:
            hub.call_soon(self._ask)
        elif count == 1:
            hub.call_later(self._linger, self._ask)

    def clear(self) -> None:
        """Forget them: the connection is gone over which they could be acknowledged."""
        self._waiting.clear()
        self._alone.clear()
        self._is_asking = False

    def _ask(self) -> None:
        """Dispatch once a process is free, which may be now."""
        if self._waiting and not self._is_asking:
            self._is_asking = True
            semaphore = self._consumer.controller.semaphore
            semaphore.acquire(self._dispatch) if semaphore else self._dispatch()

    def _dispatch(self) -> None:
        self._is_asking = False
        if requests := [request for request in self._take() if not request.revoked()]:
            self._give(requests)
        elif semaphore := self._consumer.controller.semaphore:
            semaphore.release()
        self._ask()

    def _take(self) -> list[Request]:
        """Remove and return the next messages that may share a job."""
        taken: list[Request] = []
        while self._waiting and len(taken) < conf.BATCH_SIZE:
            is_alone = self._waiting[0].id in self._alone
            if is_alone and taken:
                break
            taken.append(self._waiting.popleft())
            if is_alone:
                self._alone.discard(taken[0].id)
                break
        return taken

    def _give(self, requests: list[Request]) -> None:
        from eventbus.messaging import handling

        job = self._consumer.pool.apply_async(
            handling.run_job,
            (self._consumer.app.main, [_message(request) for request in requests]),
            accept_callback=partial(_accepted, requests),
            timeout_callback=partial(_timed_out, requests),
            callback=partial(self._ended, requests),
            error_callback=partial(_failed, requests),
            correlation_id=requests[0].id,
        )
        for request in requests:
            request._apply_result = ref(job) if job is not None else None

    def _ended(self, requests: Sequence[Request], results: Sequence[Result], **_: Any) -> None:
        """Conclude each as its outcome says; what was not run is the next to be."""
        not_run = []
        for request, (outcome, runtime) in zip(requests, results, strict=True):
            if outcome == "ended":
                request.on_success((False, None, runtime))
            elif outcome == "requeued":
                state.task_ready(request)
                request.reject(requeue=True)
            else:
                not_run.append(request)
            if outcome == "alone":
                self._alone.add(request.id)
        self._take_back(not_run)

    def _take_back(self, requests: Sequence[Request]) -> None:
        for request in reversed(requests):
            # Ended by an operator, or of a connection that is gone.
            if not (request._already_revoked or request._already_cancelled):
                _unaccept(request)
                self._waiting.appendleft(request)
        self._ask()


def _message(request: Request) -> tuple[dict[str, Any], bool]:
    """Return the event on the wire, and whether an earlier copy may have been begun."""
    redelivered = request.delivery_info["redelivered"] or request.request_dict.get("resent")
    return request.args[0], bool(redelivered)


def _accepted(requests: Sequence[Request], pid: int, accepted_at: float) -> None:
    for request in requests:
        request.on_accepted(pid, accepted_at)


def _unaccept(request: Request) -> None:
    """Reset a request to received and not begun in Celery's books."""
    request.time_start = request.worker_pid = request._apply_result = None
    state.active_requests.discard(request)
    state.total_count[request.name] -= 1
    state.all_total_count[0] -= 1


def _timed_out(requests: Sequence[Request], soft: bool, timeout: float) -> None:
    for request in requests:
        request.on_timeout(soft, timeout)


def _failed(requests: Sequence[Request], error: ExceptionInfo, **_: Any) -> None:
    """Fail the requests of a process that ended; those not meant to end have lost their worker."""
    is_terminated = isinstance(getattr(error.exception, "exc", error.exception), Terminated)
    for request in requests:
        request.on_failure(_lost() if is_terminated and not _is_meant(request) else error)


def _is_meant(request: Request) -> bool:
    """Return whether an operator has ended this one, or the connection it came by is gone."""
    is_ended = request._already_revoked or request._terminate_on_ack is not None
    return is_ended or request._already_cancelled


def _lost() -> ExceptionInfo:
    try:
        raise WorkerLostError("the process was ended for another message")
    except WorkerLostError:
        return ExceptionInfo()
