"""A cursor whose statement PostgreSQL keeps prepared, where a connection is kept and not shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from eventbus.conf import conf

#: Times that a connection has run a statement before it is prepared: a web request, whose
#: connection ends with it, runs it fewer times.
PREPARE_AFTER = 5


@contextmanager
def prepared(database: BaseDatabaseWrapper) -> Iterator[Any]:
    """Yield a cursor that has what it executes prepared.

    Django has the driver prepare nothing, for the sake of poolers. Without one it may, these
    statements alone: whose plan, made once for all parameters, cannot become a bad one.
    While Django keeps a log of queries nothing is prepared: of what is, the log would have no text.
    """
    if database.queries_logged:
        with database.cursor() as logged:
            yield logged
        return
    database.ensure_connection()
    driver = database.connection
    before = driver.prepare_threshold
    cursor: Any = psycopg.Cursor(driver)
    if database.alias == conf.DIRECT_DATABASE:
        driver.prepare_threshold = PREPARE_AFTER
    try:
        yield database.make_cursor(cursor)
    finally:
        driver.prepare_threshold = before
