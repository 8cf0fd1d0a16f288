"""The consumer of a worker: checks each message, batches it, and outlives the broker."""

import time
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, ClassVar

import structlog
from celery.exceptions import Reject
from celery.worker import state
from celery.worker.consumer import Consumer as CeleryConsumer
from django.db import close_old_connections

from eventbus.delivery.crash_points import crash_point
from eventbus.envelope import Envelope
from eventbus.exceptions import BrokerMisconfigured, MessageRejected, in_one_line
from eventbus.messaging import message_validation, receiving, rejected_messages, topology
from eventbus.messaging.batches import Batches
from eventbus.messaging.connection_refusals import Refusals
from eventbus.messaging.handling import put_off_unknown
from eventbus.messaging.liveness import Liveness
from eventbus.messaging.task_events import FLUSH_EVERY

log = structlog.get_logger("eventbus.messaging.worker")

#: The most seconds between two attempts to reach the broker.
RETRY_INTERVAL = 5
#: Seconds between two attempts of a worker that the broker does not let in.
REFUSED_RETRY_INTERVAL = 1.0


class Consumer(CeleryConsumer):
    """Accepts valid messages of the bus only; what this code does not know is left to newer code.

    Celery would drop those, and it would log the whole content of what it cannot read.
    """

    class Blueprint(CeleryConsumer.Blueprint):
        #: Celery would declare 28 queues for tasks with a countdown, which ours never have.
        default_steps: ClassVar = [
            step
            for step in CeleryConsumer.Blueprint.default_steps
            if not step.endswith(":DelayedDelivery")
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        """Start without gossip and mingle: what a worker knows is in the database."""
        alone = {"without_gossip": True, "without_mingle": True}
        self.refusals = Refusals()
        super().__init__(*args, **options | alone)
        self.batches = Batches(self)
        self.on_task_request = self.batches.add

        self._answers: list[Callable[[], Any]] = []

    def call_soon_ack(self, answer: Callable, *args: Any, **options: Any) -> Any:
        """Send an acknowledgement or a rejection at the end of the turn, with the others of it."""
        if self.hub is None:
            return super().call_soon_ack(answer, *args, **options)
        later = partial(answer, *args, **options)
        self._answers.append(later)
        if len(self._answers) == 1:
            self.hub.call_soon(self._send_answers)
        return later

    def _send_answers(self) -> None:
        answers, self._answers = self._answers, []
        try:
            with receiving.acks_together(self.task_consumer.channel):
                for answer in answers:
                    answer()
        except self.connection_errors as error:
            log.warning("not acknowledged", app=self.app.main, error=in_one_line(error))
        crash_point("worker.acked")

    def on_close(self) -> None:
        super().on_close()
        self.batches.clear()

    @cached_property
    def liveness(self) -> Liveness:
        return Liveness(self.app.main)

    def register_with_event_loop(self, hub: Any) -> None:
        super().register_with_event_loop(hub)
        hub.call_repeatedly(1.0, self.liveness.mark_alive)
        hub.call_repeatedly(FLUSH_EVERY, self._flush_events)

    def on_send_event_buffered(self) -> None:
        """Leave what became of tasks buffered: Celery would publish it in each turn of the loop."""

    def stop(self) -> None:
        """Publish what is buffered before the worker is announced as gone."""
        self._flush_events()
        super().stop()

    def shutdown(self) -> None:
        """Publish what has ended since, as the pool stopped after this consumer."""
        self._flush_events()
        super().shutdown()

    def ensure_connected(self, conn: Any) -> Any:
        """Connect, for as long as it takes. A loop that waits for the broker is alive, too."""

        def report(error: Exception, interval: float) -> None:
            self.refusals.count(self.app.main, error)
            log.warning("the broker is away", error=in_one_line(error), again_in=interval)

        return conn.ensure_connection(report, interval_max=RETRY_INTERVAL, callback=self._wait)

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        self.refusals.count(self.app.main, exc)
        super().on_connection_error_before_connected(exc)
        # Celery would try again at once, and then complain of that with a traceback.
        time.sleep(REFUSED_RETRY_INTERVAL)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        self.refusals.count(self.app.main, exc)
        super().on_connection_error_after_connected(exc)

    def on_ready(self) -> None:
        super().on_ready()
        self.refusals.mark_connected()

    def _wait(self) -> None:
        self.liveness.mark_alive()
        state.maybe_shutdown()

    def connect(self) -> Any:
        """Connect to a broker, check that it may not evict queues, and declare this app's queue.

        Raises `SystemExit` with 1 if it may.
        """
        connection = super().connect()
        try:
            topology.require_noeviction(connection)
        except BrokerMisconfigured as error:
            log.critical(str(error), app=self.app.main)
            raise SystemExit(1) from error
        topology.declare_queue(connection, self.app.main)
        return connection

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable:
        receive = super().create_task_handler(*args, **kwargs)

        def receive_valid(message: Any) -> None:
            try:
                message_validation.check(message)
            except MessageRejected as error:
                self._refuse(message, str(error))
            else:
                receive(message)

        return receive_valid

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Reject a compressed message, which kombu did not open; ignore a compressed command."""
        if message.channel is self.task_consumer.channel:
            self._refuse(message, "it is compressed")
        else:
            log.warning("refused a command", reason="it is compressed")

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        self._refuse(message, "Celery cannot read it")

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        name = message.headers["task"]
        try:
            envelope = Envelope.from_wire(message.payload[0][0])
            put_off_unknown(self.app.main, envelope)
        except Reject:
            message.reject_log_error(log, self.connection_errors, requeue=True)
        except Exception as error:
            log.error("not put off", app=self.app.main, task=name, error=repr(error))
            message.reject_log_error(log, self.connection_errors)
        else:
            message.ack_log_error(log, self.connection_errors)
        finally:
            close_old_connections()

    def _refuse(self, message: Any, reason: str) -> None:
        """Reject a message; an event of ours that was damaged on its way is sent again."""
        rejected_messages.record_rejected(self.app.main, message, reason)
        message.reject_log_error(log, self.connection_errors)
        close_old_connections()
