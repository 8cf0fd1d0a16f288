"""DBOS: a durable workflow for each event with a transactional step for each app, on a queue."""

import threading
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, SQLAlchemyDatasource

from devtools.bench.peers import job

URL = job.DATABASE.replace("postgresql://", "postgresql+psycopg://", 1)
QUEUE = "events"


def setup() -> None:
    """Make its tables."""
    _launch("setup")
    SQLAlchemyDatasource.migrate(URL)
    DBOS.destroy()


def _launch(executor: str) -> None:
    config = {"name": "peers", "system_database_url": URL, "executor_id": executor}
    # One version: what an executor that is gone has left is taken up by who has its name.
    DBOS(config={**config, "application_version": "1", "log_level": "ERROR"})
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=20, polling_interval_sec=0.1)


def consume(executor: str) -> None:
    """Run workflows, those of this executor's predecessor first."""
    datasource = SQLAlchemyDatasource.create(URL)

    @datasource.transaction(isolation_level="READ COMMITTED")
    def react(name: str, number: int) -> None:
        def execute(_: str, values: tuple[str, int]) -> Any:
            row = dict(zip(("app", "number"), values, strict=True))
            insert = sa.text("insert into effect (app, number) values (:app, :number)")
            return datasource.sql_session().execute(insert, row)

        job.react(execute, name, number)

    @DBOS.workflow(name="tell")
    def tell(number: int) -> None:
        for name in job.APPS:
            react(name, number)

    _launch(executor)
    threading.Event().wait()


def emit(numbers: range) -> None:
    """Write each event down, and enqueue its workflow in the same transaction."""
    engine = sa.create_engine(URL)
    client = DBOSClient(system_database_url=URL, application_name="peers")
    for number in numbers:
        with engine.begin() as connection:
            connection.execute(sa.text("insert into emitted (number) values (:n)"), {"n": number})
            options = {"workflow_name": "tell", "queue_name": QUEUE}
            client.enqueue_in_transaction(connection, options, number)


if __name__ == "__main__":
    job.run(setup, consume, emit)
