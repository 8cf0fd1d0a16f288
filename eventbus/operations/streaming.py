"""What an answer needs that goes on for minutes: no thread of its own, and an end in time."""

import asyncio
import signal
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from asgiref.sync import SyncToAsync


def let_thread_go() -> None:
    """End the thread in which Django ran the middleware of this request.

    It would be kept for as long as the response takes. What still has to run in
    a thread after it gets a new one.
    """
    context = SyncToAsync.thread_sensitive_context.get(None)
    if context and (thread := SyncToAsync.context_to_thread_executor.pop(context, None)):
        thread.shutdown(wait=False)


def on_shutdown(call: Callable[[], None]) -> None:
    """Have the running event loop make the call on TERM or Ctrl-C, before its server acts.

    A server that is told to end waits for its open responses first; a stream would
    never be over by itself, and would be cut off with an error instead.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        server = signal.getsignal(number)
        if callable(server):
            signal.signal(number, partial(_call_first, loop, call, server))


def _call_first(
    loop: asyncio.AbstractEventLoop,
    call: Callable[[], None],
    server: Callable[[int, FrameType | None], Any],
    number: int,
    frame: FrameType | None,
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
    server(number, frame)
