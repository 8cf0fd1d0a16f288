"""procrastinate: a job for each app, deferred within the transaction; stalled ones are retried."""

import asyncio
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector

from devtools.bench.peers import job

app = App(connector=PsycopgConnector(conninfo=job.DATABASE))
_connections: dict[str, psycopg.AsyncConnection] = {}


@app.task(name="react")
async def react(name: str, number: int) -> None:
    """Write the row of one app."""
    await asyncio.sleep(job.WORK / 2)
    await _connections[name].execute(job.EFFECT, (name, number))
    await asyncio.sleep(job.WORK / 2)


# As its documentation retries jobs of workers that are gone; there it is every ten minutes.
@app.periodic(cron="*/10 * * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> None:
    """Run again what a worker that no longer gives a sign of life had begun."""
    for each in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(each)


def setup() -> None:
    """Make its tables."""
    with app.replace_connector(SyncPsycopgConnector(conninfo=job.DATABASE)) as here, here.open():
        here.schema_manager.apply_schema()


def consume(name: str) -> None:
    """Work off the queue of an app, and what retries stalled jobs."""
    asyncio.run(_consume(name))


async def _consume(name: str) -> None:
    _connections[name] = await psycopg.AsyncConnection.connect(job.DATABASE, autocommit=True)
    async with app.open_async():
        await app.run_worker_async(queues=[name, "default"], name=name)


def emit(numbers: range) -> None:
    """Write each event down, and defer a job for each app, in one transaction."""
    with app.replace_connector(SyncPsycopgConnector(conninfo=job.DATABASE)) as here, here.open():
        task, connection = here.tasks["react"], job.connect()
        for number in job.recorded(connection, numbers):
            for name in job.APPS:
                task.configure(queue=name, connection=connection).defer(name=name, number=number)


if __name__ == "__main__":
    job.run(setup, consume, emit)
