"""One replay from beginning to end."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.db import connection
from tqdm import tqdm

from devtools.replay.day import Day
from devtools.replay.options import Options
from devtools.replay.placing import FrontDoor
from devtools.replay.reading import read_rows
from devtools.replay.report import Report
from devtools.replay.stories import Stories
from devtools.replay.waiting import Watch, in_time, outlast, settle

#: A bar only where somebody watches, that is on a terminal.
BAR = {"disable": None, "leave": False}


def replay(path: Path, options: Options, say: Callable[[str], None]) -> Report:
    """Replay the day in the file at `path`, and return its figures when all is settled.

    `say` shows a person a line. Raises `Unreadable` before anything is placed, `Stalled`, and
    `OperationalError` when the database is away at the beginning or for long.
    """
    day = Day(read_rows(path))
    connection.ensure_connection()
    stories = Stories()
    watch = Watch(stories, say)
    began = time.monotonic()
    with stories.begun_here():
        _place(day, options, stories, watch)
    _settle(len(day.sales), watch)
    seconds = time.monotonic() - began
    return outlast(lambda: Report.of(day, stories, seconds))


def _place(day: Day, options: Options, stories: Stories, watch: Watch) -> None:
    door = FrontDoor(day, options, stories)
    steps = in_time(day.steps, options.speed, watch)
    for step in tqdm(steps, "Placing", total=len(day.steps), unit=" invoices", **BAR):
        outlast(partial(door.take, step))


def _settle(orders: int, watch: Watch) -> None:
    with tqdm(total=orders, desc="Settling", unit=" orders", **BAR) as bar:
        settle(watch, lambda ended: bar.update(ended - bar.n))
