"""An app's Celery worker: `app = worker_app("billing")` in `billing/celery.py`."""

import os
import time
import tomllib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

import django
import structlog
from celery import Celery, signals
from celery.events import EventDispatcher
from celery.exceptions import Reject
from celery.worker import state, strategy
from celery.worker.consumer import Consumer as CeleryConsumer
from celery.worker.request import Request as CeleryRequest
from django.db import close_old_connections

from eventbus.conf import conf
from eventbus.delivery.crash_points import crash_point
from eventbus.exceptions import BrokerMisconfigured, MessageRejected, StartupError, in_one_line
from eventbus.messaging.batches import Batches
from eventbus.messaging.connection_refusals import Refusals
from eventbus.signals import process_ready, process_starting, process_stopping

log = structlog.get_logger("eventbus.messaging.worker")

#: The most seconds between two attempts to reach the broker.
RETRY_INTERVAL = 5
#: Seconds between two attempts of a worker that the broker does not let in.
REFUSED_RETRY_INTERVAL = 1.0
#: What keeps kombu from connecting until it succeeds.
CONNECT_ONCE = {"max_retries": 1, "interval_start": 0}


def worker_app(name: str) -> Celery:
    """The Celery app of one Django app: `celery -A <name> worker`.

    It consumes the queue `name` and runs, under the event's own name, the
    reactions the app declares.
    """
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings_module()
    # The deploy step has run Django's checks. Here they would load every page of the project.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    django.setup()
    from eventbus import registry
    from eventbus.delivery.session_limits import limit_sessions

    limit_sessions("worker")
    process_starting.send(sender=None, name=name)
    app = Celery(name, set_as_default=False)
    app.conf.update(_configuration(name))
    app.Worker = app.subclass_with_self("eventbus.messaging.node:Worker")
    app.control_cls = "eventbus.messaging.control:Control"
    app.events.dispatcher_cls = "eventbus.messaging.worker:Dispatcher"
    # Also those it does not want: a queue may hold what the app wanted before this deploy.
    for type in registry.event_types():
        _add_task(app, type)
    signals.worker_init.connect(_wait_for_database)
    signals.worker_init.connect(_share_outage_state)
    signals.worker_ready.connect(_mark_ready)
    signals.worker_ready.connect(_start_heartbeat)
    signals.setup_logging.connect(_keep_django_logging)
    return app


def settings_module() -> str:
    """The settings that the project names: `[tool.eventbus] settings` in its pyproject.toml.

    Raises `StartupError` where it names none: set DJANGO_SETTINGS_MODULE.
    """
    try:
        project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
        return str(project["tool"]["eventbus"]["settings"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise StartupError(
            "set DJANGO_SETTINGS_MODULE, or `settings` under [tool.eventbus] in pyproject.toml"
        ) from error


def _configuration(name: str) -> dict[str, Any]:
    from eventbus.messaging import broker

    return {
        "broker_url": broker.url(),
        "broker_transport": broker.transport(),
        "broker_transport_options": broker.transport_options(),
        "broker_use_ssl": broker.tls(),
        "broker_connection_timeout": conf.CONNECT_WITHIN,
        "broker_connection_max_retries": None,
        "broker_connection_retry_on_startup": True,
        "broker_channel_error_retry": True,
        "broker_heartbeat": 10,
        "task_queues": [broker.queue(name)],
        "task_default_queue": name,
        "task_default_exchange": "",
        "task_create_missing_queues": False,
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # Celery waits so long for the answer of a process that is gone; ours are in the ledger.
        "worker_lost_wait": 1.0,
        "task_time_limit": broker.HARD_TIME_LIMIT,
        "task_soft_time_limit": broker.SOFT_TIME_LIMIT,
        # While a batch runs the next one is fetched.
        "worker_prefetch_multiplier": max(4, 2 * conf.BATCH_SIZE),
        "worker_concurrency": conf.WORKER_CONCURRENCY,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_redirect_stdouts": False,
        "worker_consumer": "eventbus.messaging.worker:Consumer",
        "worker_send_task_events": True,
    }


def _add_task(app: Celery, type: str) -> None:
    # shared=False: otherwise every Celery app of the process would get the task.
    @app.task(
        name=type,
        shared=False,
        Strategy="eventbus.messaging.worker:unique_task_id",
        Request="eventbus.messaging.worker:Request",
    )
    def react(_wire: dict[str, Any]) -> None:
        """Never called: `eventbus.messaging.batches` has it run with what else waits."""


def unique_task_id(task: Any, app: Celery, consumer: CeleryConsumer, **options: Any) -> Callable:
    """A task strategy that gives each app's copy of a message a task id of its own.

    One message goes to all apps; under one shared id Flower would show one task
    for all of them, and end it for all. Sent again it has another.
    """
    receive = strategy.default(task, app, consumer, **options)

    def receive_as_own(message: Any, body: Any, *args: Any, **kwargs: Any) -> None:
        own = str(uuid5(NAMESPACE_URL, f"{app.main}:{message.headers['id']}"))
        message.headers["id"] = message.properties["correlation_id"] = own
        receive(message, body, *args, **kwargs)

    return receive_as_own


class Request(CeleryRequest):
    """A message that is being worked on; around its acknowledgement the worker can be crashed."""

    def acknowledge(self) -> None:
        crash_point("worker.acking")
        super().acknowledge()
        crash_point("worker.acked")

    def _announce_revoked(self, reason: str, terminated: bool, *about: Any) -> None:
        """An operator has ended it: written down before the message goes."""
        from eventbus.messaging import ended_tasks

        try:
            ended_tasks.ended(self.app.main, self._message.payload[0][0], terminated)
        except Reject:
            self.reject(requeue=True)
        super()._announce_revoked(reason, terminated, *about)


class Dispatcher(EventDispatcher):
    """Tells Flower what the worker does, and gives up where that would hold the worker.

    Celery repeats its sign of life until it is out, in the loop that also consumes. With a
    channel of a connection that kombu has given up, that is for ever: kombu connects anew each
    time and then uses that channel again. So each is tried once, and one that fails has the
    next go over a new connection.
    """

    def _publish(
        self, event: Any, producer: Any, routing_key: str, retry: bool = False, **_: Any
    ) -> None:
        kept = len(self._outbound_buffer)
        super()._publish(event, producer, routing_key)
        if retry and len(self._outbound_buffer) > kept:
            self.connection.transport_options.update(CONNECT_ONCE)
            self.connection.collect()
            self.producer.revive(self.connection)


class Consumer(CeleryConsumer):
    """Lets in what is the bus's, and parks events this code does not know.

    Celery would drop those, and of what it cannot read it would log the whole content.
    """

    class Blueprint(CeleryConsumer.Blueprint):
        #: Celery would declare 28 queues for tasks with a countdown, which ours never have.
        default_steps: ClassVar = [
            step
            for step in CeleryConsumer.Blueprint.default_steps
            if not step.endswith(":DelayedDelivery")
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        """Workers tell each other nothing: what one knows is in the database."""
        alone = {"without_gossip": True, "without_mingle": True}
        self.refusals = Refusals()
        super().__init__(*args, **options | alone)
        self.batches = Batches(self)
        self.on_task_request = self.batches.add

    def on_close(self) -> None:
        super().on_close()
        self.batches.clear()

    @cached_property
    def liveness(self) -> Any:
        from eventbus.messaging.liveness import Liveness

        return Liveness(self.app.main)

    def register_with_event_loop(self, hub: Any) -> None:
        super().register_with_event_loop(hub)
        hub.call_repeatedly(1.0, self.liveness.mark_alive)

    def ensure_connected(self, conn: Any) -> Any:
        """Connect, for as long as it takes. A loop that waits for the broker works, too."""

        def tell(error: Exception, interval: float) -> None:
            self.refusals.count(self.app.main, error)
            log.warning("the broker is away", error=in_one_line(error), again_in=interval)

        return conn.ensure_connection(tell, interval_max=RETRY_INTERVAL, callback=self._wait)

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
        self.refusals.has_come_up()

    def _wait(self) -> None:
        self.liveness.mark_alive()
        state.maybe_shutdown()

    def connect(self) -> Any:
        """A connection to a broker that may be relied on, and has this app's queue."""
        from eventbus.messaging import topology

        connection = super().connect()
        try:
            topology.refuse_unfit(connection)
        except BrokerMisconfigured as error:
            log.critical(str(error), app=self.app.main)
            raise SystemExit(1) from error
        topology.declare_queue(connection, self.app.main)
        return connection

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable:
        from eventbus.messaging import message_validation

        receive = super().create_task_handler(*args, **kwargs)

        def receive_ours(message: Any) -> None:
            try:
                message_validation.check(message)
            except MessageRejected as error:
                self._refuse(message, str(error))
            else:
                receive(message)

        return receive_ours

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """kombu opens nothing that is packed. A command is nobody's to give back."""
        if message.channel is self.task_consumer.channel:
            self._refuse(message, "it is compressed")
        else:
            log.warning("refused a command", reason="it is compressed")

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        self._refuse(message, "Celery cannot read it")

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        from eventbus.envelope import Envelope
        from eventbus.messaging.handling import park_unknown

        name = message.headers["task"]
        try:
            envelope = Envelope.from_wire(message.payload[0][0])
            park_unknown(self.app.main, envelope, f"unknown event type {name}")
        except Reject:
            message.reject_log_error(log, self.connection_errors, requeue=True)
        except Exception as error:
            log.error("not parked", app=self.app.main, task=name, error=repr(error))
            message.reject_log_error(log, self.connection_errors)
        else:
            message.ack_log_error(log, self.connection_errors)
        finally:
            close_old_connections()

    def _refuse(self, message: Any, reason: str) -> None:
        """Nothing of it runs. An event of ours that was spoilt on its way is sent again."""
        from eventbus.messaging import rejected_messages

        rejected_messages.record_rejected(self.app.main, message, reason)
        message.reject_log_error(log, self.connection_errors)
        close_old_connections()


def _wait_for_database(sender: Any, **_: Any) -> None:
    from eventbus.messaging.startup_checks import wait_for_database

    try:
        wait_for_database()
    except StartupError as error:
        log.critical(str(error), app=sender.app.main)
        raise SystemExit(1) from error


def _share_outage_state(**_: Any) -> None:
    """Before the pool's processes are forked: they tell of it in memory that they share."""
    from eventbus.delivery import patience  # noqa: F401


def _mark_ready(sender: Any, **_: Any) -> None:
    from eventbus.messaging.readiness import mark_ready

    mark_ready(sender.app.main)


def _start_heartbeat(sender: Any, **_: Any) -> None:
    """Announce the ready worker, which starts its heartbeat; the pool's processes exist by now."""
    name = sender.app.main
    signals.worker_shutdown.connect(
        lambda **_: process_stopping.send(sender=None, name=name), weak=False
    )
    process_ready.send(
        sender=None,
        name=name,
        concurrency=sender.controller.concurrency,
        activity=_activity,
        liveness=sender.liveness,
    )


def _activity() -> Any:
    """Return the current activity. Called in another thread, so it copies what it reads."""
    from eventbus.delivery.patience import outage_state
    from eventbus.messaging.liveness import WorkerActivity

    active = [reference() for reference in list(state.active_requests.data)]
    running = [request.name for request in active if request is not None]
    return WorkerActivity(state.all_total_count[0] - len(running), running, outage_state.current())


def _keep_django_logging(**_: Any) -> None:
    """Keep Django's logging: with a receiver connected Celery configures none."""
