"""The job of every peer: for each event one durable row of each app, written where it can.

A peer's module has `setup`, `consume` and `emit`, and is run in the peer's own environment:

python -m devtools.bench.peers.NAME setup|consume CONSUMER|emit FIRST COUNT
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator

import psycopg

DATABASE = os.environ.get("PEER_DATABASE", "")
BROKER = os.environ.get("PEER_BROKER", "")
APPS = tuple(f"app{number}" for number in range(1, int(os.environ.get("PEER_APPS", "9")) + 1))
#: Seconds that one reaction works besides, half of it before its row and half after.
WORK = int(os.environ.get("PEER_WORK_MS", "0")) / 1000
#: Seconds within which a peer that has the time for it takes up what a killed consumer held.
TAKE_UP_AFTER = 20

#: No key: what comes twice is to be seen.
TABLES = """
    create table emitted (number int, at timestamptz default clock_timestamp());
    create table effect (app text, number int, at timestamptz default clock_timestamp())
"""
EMITTED = "insert into emitted (number) values (%s)"
EFFECT = "insert into effect (app, number) values (%s, %s)"


def connect() -> psycopg.Connection:
    """Return a connection that commits each statement which no transaction is around."""
    return psycopg.connect(DATABASE, autocommit=True)


def react(execute: Callable, app: str, number: int) -> None:
    """Do an app's share of an event, its row by `execute`."""
    time.sleep(WORK / 2)
    execute(EFFECT, (app, number))
    time.sleep(WORK / 2)


def run(setup: Callable, consume: Callable, emit: Callable) -> None:
    """Run what the command line says; `emit` gets the numbers of the events."""
    parser = argparse.ArgumentParser(description=__doc__)
    roles = parser.add_subparsers(dest="role", required=True)
    roles.add_parser("setup")
    roles.add_parser("consume").add_argument("consumer")
    emitter = roles.add_parser("emit")
    emitter.add_argument("first", type=int)
    emitter.add_argument("count", type=int)
    options = parser.parse_args()
    if options.role == "setup":
        setup()
    elif options.role == "consume":
        consume(options.consumer)
    else:
        emit(range(options.first, options.first + options.count))


def recorded(connection: psycopg.Connection, numbers: range) -> Iterator[int]:
    """Yield each number when it is written down, within the transaction that has done so."""
    for number in numbers:
        with connection.transaction():
            connection.execute(EMITTED, (number,))
            yield number


def committed(connection: psycopg.Connection, numbers: range) -> Iterator[int]:
    """Yield each number when the transaction that has written it down is committed."""
    for number in numbers:
        connection.execute(EMITTED, (number,))
        yield number
