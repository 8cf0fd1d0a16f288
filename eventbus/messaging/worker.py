"""An app's Celery worker: `app = worker_app("billing")` in `billing/celery.py`."""

import gc
import os
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import django
import structlog
from celery import Celery, _state, signals
from celery.exceptions import Reject
from celery.worker import state, strategy
from celery.worker.consumer import Consumer as CeleryConsumer
from celery.worker.request import Request as CeleryRequest

from eventbus.conf import conf
from eventbus.delivery.crash_points import crash_point
from eventbus.exceptions import NoProjectApp, StartupError
from eventbus.signals import process_ready, process_starting, process_stopping

log = structlog.get_logger("eventbus.messaging.worker")


class WorkerApp(Celery):
    """The Celery app of a worker of the bus, which runs events and sends no tasks."""

    def send_task(self, name: str, *args: Any, **options: Any) -> Any:
        """Refuse: no worker of the bus runs anything but events. Raises `NoProjectApp`."""
        raise NoProjectApp(f"{name}: the project has no Celery app of its own to send this task")


def worker_app(name: str) -> Celery:
    """Return the Celery app of one Django app: `celery -A <name> worker`.

    It consumes the queue `name` and runs, under the event's own name, the
    reactions the app declares.
    """
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        try:
            os.environ["DJANGO_SETTINGS_MODULE"] = settings_module()
        except StartupError as error:
            raise SystemExit(f"not started: {error}") from error
    # The deploy step has run Django's checks. Here they would load every page of the project.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    # What is imported stays: the collector need not look through it, neither now nor later.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    from eventbus import registry
    from eventbus.delivery.session_limits import limit_sessions

    limit_sessions("worker")
    process_starting.send(sender=None, name=name)
    app = WorkerApp(name, set_as_current=False)
    app.conf.update(_configuration(name))
    app.Worker = app.subclass_with_self("eventbus.messaging.node:Worker")
    app.control_cls = "eventbus.messaging.control:Control"
    app.events.dispatcher_cls = "eventbus.messaging.task_events:Dispatcher"
    # Also those it does not want: a queue may hold what the app wanted before this deploy.
    for type in registry.event_types():
        _add_task(app, type)
    if _state.default_app is not None:
        signals.worker_process_init.connect(
            partial(_make_current, _state.default_app), weak=False, dispatch_uid="eventbus"
        )
    signals.worker_init.connect(_wait_for_database)
    signals.worker_init.connect(_share_outage_state)
    signals.worker_ready.connect(_mark_ready)
    signals.worker_ready.connect(_start_heartbeat)
    signals.setup_logging.connect(_keep_django_logging)
    return app


def settings_module() -> str:
    """Return the settings that the project names: `[tool.eventbus] settings` in its pyproject.toml.

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
        "worker_consumer": "eventbus.messaging.consumer:Consumer",
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
        """Do nothing: `eventbus.messaging.batches` runs the event with what else waits."""


def unique_task_id(task: Any, app: Celery, consumer: CeleryConsumer, **options: Any) -> Callable:
    """Give each app's copy of a message a task id of its own, as Celery's task strategy.

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
    """A message being handled; before its acknowledgement is a crash point."""

    def acknowledge(self) -> None:
        crash_point("worker.acking")
        super().acknowledge()

    def _announce_revoked(self, reason: str, terminated: bool, *about: Any) -> None:
        """Record that an operator has ended it, before the message is acknowledged."""
        from eventbus.messaging import revoked_tasks

        try:
            revoked_tasks.record_revoked(self.app.main, self._message.payload[0][0], terminated)
        except Reject:
            self.reject(requeue=True)
        super()._announce_revoked(reason, terminated, *about)


def _make_current(project: Celery, **_: Any) -> None:
    """Have tasks of the project's own go where its own app sends them, also from reactions.

    Celery has made the worker's app that of the process.
    """
    project.set_current()
    project.set_default()


def _wait_for_database(sender: Any, **_: Any) -> None:
    from eventbus.messaging.startup_checks import wait_for_database

    try:
        wait_for_database()
    except StartupError as error:
        log.critical(str(error), app=sender.app.main)
        raise SystemExit(1) from error


def _share_outage_state(**_: Any) -> None:
    """Create the outage state before the pool's processes are forked: they share its memory."""
    from eventbus.delivery import outage_retry  # noqa: F401


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
        node=sender.hostname,
    )


def _activity() -> Any:
    """Return the current activity. Called in another thread, so it copies what it reads."""
    from eventbus.delivery.outage_retry import outage_state
    from eventbus.messaging.liveness import WorkerActivity

    active = [reference() for reference in list(state.active_requests.data)]
    running = [request.name for request in active if request is not None]
    return WorkerActivity(state.all_total_count[0] - len(running), running, outage_state.current())


def _keep_django_logging(**_: Any) -> None:
    """Keep Django's logging: with a receiver connected Celery configures none."""
