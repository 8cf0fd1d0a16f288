"""What the reactions of the test apps do: what the note says, as often as it says."""

import os
import signal
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from devtools.waiting import wait_until

TABLES = """
    create table begun (app text, reaction text, note uuid, pid int);
    create table effect (app text, reaction text, note uuid, text text);
    create table allowed (note uuid);
"""
#: Seconds a reaction that holds still waits to be allowed to go on.
TIMEOUT = 30


def behave(app: str, reaction: str, event: Any) -> None:
    """Leave a mark that a rollback does not take, act as told, leave the effect."""
    times = _begin(app, reaction, event.note)
    if reaction != "count":
        _act(getattr(event, "does", {}).get(app, ""), event.note, times)
    _execute(
        "insert into effect values (%s, %s, %s, %s)",
        app,
        reaction,
        event.note,
        getattr(event, "text", ""),
    )


def _act(what: str, note: UUID, times: int) -> None:
    if what == "fail" or (what == "fail once" and times == 1):
        raise ValueError("the note cannot be read")
    if what == "fail until allowed" and not _is_allowed(note):
        raise ValueError("the note cannot be read yet")
    if what == "die" or (what == "die once" and times == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "hold":
        wait_until(lambda: _is_allowed(note), TIMEOUT, "leave to go on")


def _begin(app: str, reaction: str, note: UUID) -> int:
    """Note, whatever becomes of it, that it was begun; returns how often by now."""
    ours = {"autocommit": True, "connect_timeout": 2, "target_session_attrs": "read-write"}
    with psycopg.connect(os.environ["DATABASE_URL"], **ours) as own:
        own.execute("insert into begun values (%s, %s, %s, %s)", [app, reaction, note, os.getpid()])
        counted = own.execute(
            "select count(*) from begun where app = %s and reaction = %s and note = %s",
            [app, reaction, note],
        )
        return counted.fetchone()[0]


def _is_allowed(note: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from allowed where note = %s)", [note])
        return cursor.fetchone()[0]


def _execute(query: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
