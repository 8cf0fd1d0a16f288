"""Fills a catalogue and measures its pages on the server; prints one JSON object.

python -m devtools.bench.pages VARIANTS ROUNDS
"""

import argparse
import json
import statistics
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402 models need Django to be set up
from django.test import Client  # noqa: E402

from catalogue.models import Variant  # noqa: E402
from catalogue.search.models import Listing  # noqa: E402
from devtools.bench.catalogue_fixture import fill  # noqa: E402
from devtools.bench.cpu_time import cpu_seconds  # noqa: E402

PAGES = {
    "home": "/",
    "all products": "/products/",
    "all products, page 400": "/products/?page=400",
    "category": "/categories/kitchen/",
    "sub-category, by price": "/categories/kitchen-lighting/?sort=price",
    "search": "/products/?q=oak+teapot",
    "search, one common word": "/products/?q=oak",
    "search, misspelt": "/products/?q=tepot",
    "search, nothing found": "/products/?q=xyzzyq",
    "facets": "/products/?option=Size:Small&option=Colour:Moss&available=1&price_max=40",
    "facets in a category": "/categories/garden/?option=Size:Large&sort=name",
    "product": "/products/{handle}/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", type=int)
    parser.add_argument("rounds", type=int)
    options = parser.parse_args()
    began = time.monotonic()
    fill(options.variants)
    with connection.cursor() as cursor:
        # As autovacuum does within a minute or so.
        cursor.execute("vacuum analyze")
    filled = time.monotonic() - began
    counts = {"variants": Variant.objects.count(), "products": Listing.objects.count()}
    json.dump({**counts, "filled": filled, "pages": measure(options.rounds)}, sys.stdout)


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Return the server's milliseconds for each page: all of Django, from request to answer.

    `processor` is what the processors worked for it, here and in the database, at the median:
    on a busy machine the page waits as well.
    """
    handle = Listing.objects.filter(title__endswith="Teapot")[0].handle
    addresses = {name: path.format(handle=handle) for name, path in PAGES.items()}
    shopper = Client(headers={"host": "localhost"})
    return {name: times(shopper, path, rounds) for name, path in addresses.items()}


def times(shopper: Client, path: str, rounds: int) -> dict[str, float]:
    """Return milliseconds for one page."""
    _time(shopper, path)  # The first one compiles the templates.
    seen = [_time(shopper, path) for _ in range(rounds)]
    times = sorted(took for took, _ in seen)
    return {
        "median": statistics.median(times),
        "p95": times[int(rounds * 0.95) - 1],
        "processor": statistics.median(worked for _, worked in seen),
    }


def _time(shopper: Client, path: str) -> tuple[float, float]:
    """Return how long a page took, and how much of that was processor time, in milliseconds."""
    began, before = time.perf_counter(), time.process_time()
    answer = shopper.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    database = cpu_seconds(connection.connection.info.backend_pid)
    connection.close()  # As the web process does after each request.
    took, worked = time.perf_counter() - began, time.process_time() - before
    return took * 1000, (worked + database) * 1000


if __name__ == "__main__":
    main()
