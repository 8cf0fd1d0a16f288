"""Work that any number of processes may do, and one does at a time."""

from django.db import connection


def take_turn(lock: int) -> bool:
    """Whether it is ours until the open transaction ends; false while another one has it.

    `lock` is a number of this work's own, the same for all who do it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
