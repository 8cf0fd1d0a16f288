"""What thousands of open order pages cost: connections, memory, and everybody else's time.

They watch orders that are being packed. Then one of these is cancelled, and those who watch it
hear of it; at last the web process is told to end, with all others still open.

python -m devtools.bench.live_streams [--streams 2000] [--json]
"""

import argparse
import asyncio
import json
import statistics
import time
from contextlib import closing
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import psutil
import psycopg

from devtools.bench.checkout import SKU, list_product
from devtools.embedded import database_url
from devtools.shop_client import APPROVED, ShopClient
from devtools.system import ONE_ADDRESS, System, running_system, temporary_state
from devtools.waiting import wait_until

#: Nothing leaves while it is watched.
SETTINGS = {
    "SHOP_RUN_EXCLUDE": "flower,demo",
    "PACKING_TIME": "3600",
    "LOG_LEVEL": "WARNING",
    **ONE_ADDRESS,
}
#: Orders that are watched, each by as many.
ORDERS = 20
#: Streams that are begun side by side.
AT_ONCE = 50
#: Times a page is asked for.
ASKED = 100
#: Seconds until something must have happened.
WITHIN = 120

CONNECTIONS = "select count(*) from pg_stat_activity where backend_type = 'client backend'"
PACKING = "select count(*) from orders_order where billed_at is not null"

Figures = dict[str, dict[str, float]]


class OpenPage:
    """Somebody who has an order's page open, and reads its stream."""

    async def begin(self, system: System, path: str) -> None:
        """Ask for the stream, and read its first event."""
        at = urlsplit(system.url)
        self._reader, self._writer = await asyncio.open_connection(at.hostname, at.port)
        self._writer.write(f"GET {path}events/ HTTP/1.0\r\nHost: {at.netloc}\r\n\r\n".encode())
        await self.hears()

    async def hears(self) -> float:
        """Wait for the next event; returns the moment at which it was read."""
        await self._reader.readuntil(b"event: story")
        await self._reader.readuntil(b"\n\n")
        return time.perf_counter()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m devtools.bench.live_streams", description=__doc__
    )
    parser.add_argument("--streams", type=int, default=2000, help="open pages (2000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with (
        temporary_state() as state,
        running_system(state, **SETTINGS) as system,
    ):
        list_product(system)
        client = ShopClient(lambda: system.url, over=lambda: True)
        orders = [_ordered(client, number) for number in range(ORDERS)]
        wait_until(lambda: _count(system, PACKING) == ORDERS, WITHIN, "all orders are paid")
        result = asyncio.run(measure(system, client, orders, options.streams))
    print(json.dumps(result) if options.json else _table(result))  # noqa: T201 the result


async def measure(system: System, client: ShopClient, orders: list[str], streams: int) -> Figures:
    """Measure the web process `without` and `with` the streams, how `news` came, and its `end`."""
    without = await asyncio.to_thread(_figures, system)
    pages = await _open(system, [f"/orders/{order}/" for order in orders] * (streams // ORDERS))
    with_them = await asyncio.to_thread(_figures, system)
    said = time.perf_counter()
    await asyncio.to_thread(client.cancel, orders[0])
    heard = await asyncio.gather(*(page.hears() for page in pages[::ORDERS]))
    news = {"streams": len(heard), "first": min(heard) - said, "last": max(heard) - said}
    end = {"seconds": await asyncio.to_thread(_stopped, system)}
    return {"without": without, "with": with_them, "news": news, "end": end}


async def _open(system: System, paths: list[str]) -> list[OpenPage]:
    begun = asyncio.Semaphore(AT_ONCE)

    async def opened(path: str) -> OpenPage:
        page = OpenPage()
        async with begun:
            await page.begin(system, path)
        return page

    return await asyncio.gather(*map(opened, paths))


def _ordered(client: ShopClient, number: int) -> str:
    """Place an order; returns its id."""
    email = f"bench-{number}@example.com"
    return client.order(SKU, 1, email=email, card=APPROVED, key=str(uuid4()))


def _stopped(system: System) -> float:
    """Stop the web process; returns how many seconds it took."""
    began = time.perf_counter()
    system.stop_program("web")
    return time.perf_counter() - began


def _figures(system: System) -> dict[str, float]:
    """Return connections of all programs, MiB of the web process, milliseconds of a page."""
    times = [_page(system) for _ in range(ASKED)]
    return {
        "connections": _count(system, CONNECTIONS),
        "megabytes": psutil.Process(system.pid("web")).memory_full_info().pss / 2**20,
        "median": statistics.median(times),
        "p95": statistics.quantiles(times, n=20)[-1],
    }


def _page(system: System) -> float:
    began = time.perf_counter()
    with urlopen(f"{system.url}products/{SKU}/{SKU}/") as answer:
        answer.read()
    return (time.perf_counter() - began) * 1000


def _count(system: System, query: str) -> int:
    with closing(psycopg.connect(database_url(system.state), autocommit=True)) as connection:
        return connection.execute(query).fetchall()[0][0]


def _table(result: Figures) -> str:
    lines = [
        f"{way:8} {of['connections']:3.0f} connections of all programs, web {of['megabytes']:.0f} "
        f"MiB, a page in ms: median {of['median']:.1f} p95 {of['p95']:.1f}"
        for way, of in (("without", result["without"]), ("with", result["with"]))
    ]
    news = "news     to {streams:.0f} pages after {first:.2f} to {last:.2f} s"
    end = "end      {seconds:.1f} s after TERM"
    return "\n".join([*lines, news.format(**result["news"]), end.format(**result["end"])])


if __name__ == "__main__":
    main()
