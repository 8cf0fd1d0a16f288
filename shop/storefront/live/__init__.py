"""Order pages that show by themselves how it goes on: server-sent events.

`listener` hears from the bus which orders an app has just reacted to, over one
connection per process; `hub` knows who watches which order here, and has each
change rendered once for all who watch (`rendering`), as many as there is `room`
for; `stream` is what goes to a browser. What they ask the database they ask in a
few `threads`. A page without a stream shows the same after a reload.
"""

from shop.storefront.live.hub import Hub, hub_of_this_loop
from shop.storefront.live.stream import stream
from shop.storefront.live.threads import in_thread

__all__ = ["Hub", "hub_of_this_loop", "in_thread", "stream"]
