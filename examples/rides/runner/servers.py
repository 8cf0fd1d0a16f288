"""The servers: those that the environment names, or PostgreSQL and Valkey of our own.

Our own come with the checkout that this example lies in, by its `devtools.embedded`; they keep
what they hold in the state folder, and listen on sockets in it alone.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import redis
from psycopg import sql

#: The folder of this example, and the checkout that it lies in.
HERE = Path(__file__).resolve().parent.parent
CHECKOUT = HERE.parent.parent
DATABASE = "rides"


def commands(environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the commands of the servers that the environment does not name."""
    named = {"postgres": "PGHOST", "valkey": "BROKER_URL"}
    return {
        server: [sys.executable, "-m", "devtools.embedded", server]
        for server, variable in named.items()
        if not environment.get(variable)
    }


def addresses(state: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that say where the servers are."""
    sockets = (state / "run").resolve()
    own = {
        "PGHOST": str(sockets / "postgres"),
        "PGUSER": environment.get("PGUSER", "postgres"),
        "PGDATABASE": environment.get("PGDATABASE", DATABASE),
        "BROKER_URL": f"redis+socket://{sockets / 'valkey.sock'}",
    }
    return own | {name: environment[name] for name in own if environment.get(name)}


def database_answers(where: Mapping[str, str]) -> bool:
    """Return whether the database answers. Behind a socket, as our own is, it is made."""
    try:
        if where["PGHOST"].startswith("/"):
            _make_database(where)
        _connect(where, where["PGDATABASE"]).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(where: Mapping[str, str]) -> None:
    name = where["PGDATABASE"]
    with _connect(where, "postgres") as connection:
        known = "select 1 from pg_database where datname = %s"
        if not connection.execute(known, [name]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _connect(where: Mapping[str, str], database: str) -> psycopg.Connection:
    """Connect; what is not said here libpq reads from the environment."""
    return psycopg.connect(
        host=where["PGHOST"],
        user=where["PGUSER"],
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def broker_answers(where: Mapping[str, str]) -> bool:
    """Return whether the broker answers, if it is one of our own."""
    scheme, _, path = where["BROKER_URL"].partition("://")
    if scheme != "redis+socket":
        return True
    try:
        with redis.Redis(unix_socket_path=path, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
