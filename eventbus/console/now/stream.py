"""The stream of one viewer, in the format of server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from eventbus import clock
from eventbus.console.now.hub import Frame, Hub
from eventbus.console.now.regions import Regions
from eventbus.operations.streaming import let_thread_go

#: Milliseconds until a browser that has lost its stream asks for it again.
RETRY = 2000
#: Seconds without news after which a comment tells both ends that the other is there.
KEEP_ALIVE = 15.0
#: Seconds after which a stream ends: whoever comes back must still be allowed to.
LIVE_FOR = 300.0


async def stream(hub: Hub) -> AsyncIterator[str]:
    """Yield what has changed with each look: all of it at first."""
    let_thread_go()
    sent: Regions = {}
    ends = asyncio.get_running_loop().time() + LIVE_FOR
    with hub.viewer():
        yield f"retry: {RETRY}\n\n"
        shown = None
        while not hub.closing and asyncio.get_running_loop().time() < ends:
            changed, frame = hub.changed, hub.frame
            if frame and frame is not shown:
                shown = frame
                yield _event(frame, sent)
            if not await _in_time(changed):
                yield ": still here\n\n"


async def _in_time(changed: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(changed.wait(), KEEP_ALIVE)
    except TimeoutError:
        return False
    return True


def _event(frame: Frame, sent: Regions) -> str:
    """Return a frame without what was sent already, and remember what is sent."""
    news = {name: html for name, html in frame.regions.items() if sent.get(name) != html}
    sent.update(news)
    told = _told(frame) | {"regions": news, "pulse": frame.pulse}
    return f"event: look\ndata: {json.dumps(told)}\n\n"


def _told(frame: Frame) -> dict[str, Any]:
    away = frame.away_since
    return {
        "at": f"{clock.local(frame.at):%H:%M:%S}",
        "away_since": f"{clock.local(away):%H:%M:%S}" if away else "",
    }
