"""Databases of a test's own, on the server that all tests have."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from devtools.embedded import database_url
from eventbus.history.partitions import TABLES, existing_partitions
from shop.settings import STATE, env


def address_of(name: str) -> str:
    """Return the address at which the database of this name is, or would be."""
    return urlsplit(env.database_url or database_url(STATE))._replace(path=f"/{name}").geturl()


@contextmanager
def another_session(statement: str) -> Iterator[None]:
    """Somebody else, in a transaction that lasts as long as the block, has done this."""
    with psycopg.connect(address_of(connection.settings_dict["NAME"])) as session:
        session.execute(statement)
        yield
        session.rollback()


def prepared_statements() -> list[str]:
    """Return the statements that PostgreSQL keeps prepared for the test's own connection."""
    with connection.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def drop_months() -> None:
    """Drop the months that a program started by tests has made."""
    with connection.cursor() as cursor:
        for month in existing_partitions():
            for parent, table in zip(TABLES, month.tables, strict=True) if month.since else ():
                cursor.execute(f"alter table {parent} detach partition {table}; drop table {table}")


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """An empty database, gone afterwards; yields its address."""
    drop = f"drop database if exists {name} with (force)"
    with psycopg.connect(address_of("postgres"), autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(f"create database {name}")
        try:
            yield address_of(name)
        finally:
            connection.execute(drop)
