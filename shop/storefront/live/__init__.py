"""Order pages that show by themselves how it goes on: server-sent events.

`listener` is notified by the bus which orders an app has just reacted to, over one
connection per process; `broadcaster` has each change rendered once (`rendering`) for
all streams that show the order, of which there are up to `stream_limit`; `stream` is
what goes to a browser. The database is asked in the few threads of `thread_pool`. A
page without a stream shows the same after a reload.
"""

from shop.storefront.live.broadcaster import Broadcaster, current_broadcaster
from shop.storefront.live.stream import stream
from shop.storefront.live.thread_pool import in_thread

__all__ = ["Broadcaster", "current_broadcaster", "in_thread", "stream"]
