"""A database that is there, and does not do what is asked of it."""

import time
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg

from devtools.chaos.faults.fault import fault
from devtools.chaos.world import persistently
from devtools.embedded import database_url

if TYPE_CHECKING:
    from devtools.chaos.world import World

#: Seconds that a table is locked: longer than anybody waits for a lock.
LOCKED = 26.0

_OVER_LONG = """
    create function {name}() returns trigger language plpgsql as
        $$ begin perform pg_sleep(60); return new; end $$;
    create trigger {name} before insert or update on {table}
        for each row execute function {name}()
"""


@fault(takes_time=True, at_least=10)
def read_only_database(world: "World", target: str, seconds: float) -> None:
    """the database may only be read, as a primary that has been replaced"""
    world.rows("alter system set default_transaction_read_only = on")
    world.rows("select pg_reload_conf()")
    time.sleep(seconds)
    world.rows("alter system reset default_transaction_read_only")
    world.rows("select pg_reload_conf()")


@fault(
    targets=["eventbus_delivery", "orders_order", "loyalty_account"],
    takes_time=True,
    at_least=LOCKED,
)
def locked_table(world: "World", target: str, seconds: float) -> None:
    """somebody's session locks a table, longer than anybody waits for a lock"""

    def lock() -> psycopg.Connection:
        session = psycopg.connect(database_url(world.system.state), connect_timeout=5)
        session.execute(f"lock table {target} in access exclusive mode")
        return session

    with closing(persistently(lock, (psycopg.OperationalError,))):
        time.sleep(seconds)


@fault(targets=["billing_charge", "loyalty_account"], takes_time=True)
def over_long(world: "World", target: str, seconds: float) -> None:
    """what a reaction writes into a table takes a minute, longer than a reaction may"""
    # Another one may strike the same table meanwhile.
    name = f"chaos_{uuid4().hex}"
    world.rows(_OVER_LONG.format(name=name, table=target))
    time.sleep(seconds)
    world.rows(f"drop function if exists {name} cascade")
