"""Celery as most people use it: after the commit one `delay()` for each app, acknowledged first."""

import os
from functools import cache

import psycopg
from celery import Celery

from devtools.bench.peers import job

app = Celery("naive", broker=job.BROKER)
app.conf.update(
    task_ignore_result=True,
    worker_concurrency=1,
    # What a killed worker has fetched comes again after this; Celery's own hour is too long here.
    broker_transport_options={"visibility_timeout": job.TAKE_UP_AFTER},
)


@app.task(name="react")
def react(name: str, number: int) -> None:
    """Write the row of one app."""
    job.react(_connection_of(os.getpid()).execute, name, number)


@cache
def _connection_of(_process: int) -> psycopg.Connection:
    return job.connect()


def setup() -> None:
    """Need nothing: Celery makes queues by their use."""


def consume(name: str) -> None:
    """Work off the queue of an app."""
    app.worker_main(["worker", "-Q", name, "-n", f"{name}@%h", "--without-gossip", "-l", "WARNING"])


def emit(numbers: range) -> None:
    """Write each event down, and tell each app of it."""
    for number in job.committed(job.connect(), numbers):
        for name in job.APPS:
            react.apply_async((name, number), queue=name)


if __name__ == "__main__":
    job.run(setup, consume, emit)
