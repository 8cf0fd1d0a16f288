"""Protean: an aggregate's event through its outbox to a Redis stream, a handler for each app."""

from typing import Any

from protean import Domain, Engine, UnitOfWork, current_uow, handle
from protean.core.aggregate import BaseAggregate
from protean.core.event import BaseEvent
from protean.fields import Integer

from devtools.bench.peers import job

domain = Domain(
    name="peers",
    config={
        "databases": {"default": {"provider": "postgresql", "database_uri": job.DATABASE}},
        "brokers": {"default": {"provider": "redis", "URI": job.BROKER}},
        "server": {"default_subscription_type": "stream", "health": {"enabled": False}},
        # As its documentation scales the outbox; without it ten events go in a second.
        "outbox": {"messages_per_tick": 1000},
    },
)


@domain.aggregate
class Count(BaseAggregate):
    """What is counted."""

    number = Integer()


@domain.event(part_of=Count)
class Counted(BaseEvent):
    """An event of the job."""

    number = Integer(required=True)


def _add_handler(name: str) -> None:
    """Have an app react to each event."""

    class Handler:
        @handle(Counted)
        def react(self, counted: Counted) -> None:
            job.react(_execute, name, counted.number)

    Handler.__name__ = Handler.__qualname__ = name
    domain.event_handler(part_of=Count, subscription_profile="production")(Handler)


def _execute(statement: str, values: tuple[Any, ...]) -> None:
    """Run a statement of the job in the transaction that is open."""
    session = current_uow.get_session("default")
    session.connection().exec_driver_sql(statement, values)


def setup() -> None:
    """Make its tables."""
    domain.init(traverse=False)
    with domain.domain_context():
        domain.setup_database()


def consume(_: str) -> None:
    """Become a server, which publishes from the outbox and runs the handlers of all apps."""
    for name in job.APPS:
        _add_handler(name)
    domain.init(traverse=False)
    with domain.domain_context():
        Engine(domain).run()


def emit(numbers: range) -> None:
    """Save an aggregate that raises the event, and write it down, in one transaction."""
    domain.init(traverse=False)
    with domain.domain_context():
        for number in numbers:
            count = Count(number=number)
            count.raise_(Counted(number=number))
            with UnitOfWork():
                _execute(job.EMITTED, (number,))
                domain.repository_for(Count).add(count)


if __name__ == "__main__":
    job.run(setup, consume, emit)
