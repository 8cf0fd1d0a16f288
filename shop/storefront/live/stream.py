"""The stream of one browser, in the format of server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from eventbus.operations.streaming import let_thread_go
from shop.storefront.live.broadcaster import Broadcaster, Channel
from shop.storefront.progress import Fragment

#: Milliseconds until a browser that has lost its stream asks for it again.
RETRY = 2000
#: Seconds without news after which a comment tells both ends that the other is there.
HEARTBEAT = 15.0


async def stream(
    broadcaster: Broadcaster, channel: Channel, seen: str, visitor: str
) -> AsyncIterator[str]:
    """Yield the page now unless it is the version `seen`, then each new one, until the last."""
    let_thread_go()
    # Others of theirs may have begun while this one was got ready.
    if broadcaster.has_too_many_streams(visitor):
        return
    with broadcaster.count_stream(visitor):
        yield f"retry: {RETRY}\n\n"
        while not broadcaster.closing:
            changed, shown = channel.changed, channel.shown
            if shown and shown.version != seen:
                seen = shown.version
                yield _event(shown)
            if shown and shown.finished:
                yield "event: end\ndata:\n\n"
                return
            if not await _in_time(changed):
                yield ": still here\n\n"


async def _in_time(changed: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(changed.wait(), HEARTBEAT)
    except TimeoutError:
        return False
    return True


def _event(fragment: Fragment) -> str:
    lines = "".join(f"data: {line}\n" for line in fragment.html.splitlines())
    return f"id: {fragment.version}\nevent: story\n{lines}\n"
