"""A database that is there, and does not do what is asked of it."""

import time
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg

from devtools.chaos.faults.fault import fault
from devtools.chaos.system_under_test import retry_while_down
from devtools.embedded import database_url

if TYPE_CHECKING:
    from devtools.chaos.system_under_test import SystemUnderTest

#: Seconds that a table is locked: longer than anybody waits for a lock.
LOCKED = 26.0

_OVER_LONG = """
    create function {name}() returns trigger language plpgsql as
        $$ begin perform pg_sleep(60); return new; end $$;
    create trigger {name} before insert or update on {table}
        for each row execute function {name}()
"""


@fault(takes_time=True, at_least=10)
def read_only_database(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """the database may only be read, as a primary that has been replaced"""
    sut.rows("alter system set default_transaction_read_only = on")
    sut.rows("select pg_reload_conf()")
    time.sleep(seconds)
    sut.rows("alter system reset default_transaction_read_only")
    sut.rows("select pg_reload_conf()")


@fault(
    targets=["eventbus_delivery", "orders_order", "loyalty_account"],
    takes_time=True,
    at_least=LOCKED,
)
def locked_table(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """somebody's session locks a table, longer than anybody waits for a lock"""

    def lock() -> psycopg.Connection:
        session = psycopg.connect(database_url(sut.system.state), connect_timeout=5)
        session.execute(f"lock table {target} in access exclusive mode")
        return session

    with closing(retry_while_down(lock, (psycopg.OperationalError,))):
        time.sleep(seconds)


@fault(targets=["billing_charge", "loyalty_account"], takes_time=True)
def over_long(sut: "SystemUnderTest", target: str, seconds: float) -> None:
    """what a reaction writes into a table takes a minute, longer than a reaction may"""
    # Another one may be at the same table meanwhile.
    name = f"chaos_{uuid4().hex}"
    sut.rows(_OVER_LONG.format(name=name, table=target))
    time.sleep(seconds)
    sut.rows(f"drop function if exists {name} cascade")
