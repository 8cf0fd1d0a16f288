"""`make lighthouse`: how Lighthouse rates the main pages of a real system, on a simulated phone.

Each page is rated three times; the middle score counts. Pages of the console are rated once, for
accessibility: they stand in the admin's theme, and no search engine sees them. Needs Chromium, and
npm, which fetches Lighthouse. Exits with 1 when a page misses its mark.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from playwright.sync_api import BrowserContext, sync_playwright

from devtools.system import running_system, temporary_state
from tests.system.browser.conftest import PHONE, QUIET
from tests.system.browser.desk import Desk
from tests.system.browser.shopper import Shopper

#: The last release for Node.js 20.
LIGHTHOUSE = "lighthouse@12.8.2"
RUNS = 3
#: What each page must reach, of 100.
MARKS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
#: Pages of one shopper's own are not for search engines: Lighthouse's advice to let them in is not.
PRIVATE = ("cart", "checkout", "order")
NOT_FOR_PRIVATE_PAGES = "--skip-audits=is-crawlable"
#: Pages of operators.
CONSOLE = [
    f"console/{page}"
    for page in (
        *("", "map/", "throughput/", "failed/", "story/"),
        *("workers/", "paused/", "alerts/", "contracts/"),
    )
]
FOR_EVERYBODY = "--only-categories=accessibility"


def main() -> int:
    """Rate the pages; returns the exit status."""
    chromium = shutil.which("chromium") or sys.exit("Chromium is missing")
    os.environ["CHROME_PATH"] = chromium
    with temporary_state() as state, running_system(state, SHOP_RUN_EXCLUDE="flower") as system:
        pages, cookies = _shop_around(system.url, chromium)
        rated = {name: _rate(url, cookies, *_options(name)) for name, url in pages.items()}
        cookies = _operate(system.url, chromium)
        for path in CONSOLE:
            rated[path] = _rate(urljoin(system.url, path), cookies, FOR_EVERYBODY, runs=1)
    _print(rated)
    return int(any(scores[what] < MARKS[what] for scores in rated.values() for what in scores))


def _operate(url: str, chromium: str) -> str:
    """Return the cookies of an operator."""
    with _context(url, chromium) as context:
        Desk(context.new_page(), "operator")
        return _cookies(context)


@contextmanager
def _context(url: str, chromium: str) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET])
        yield browser.new_context(base_url=url, viewport=PHONE)
        browser.close()


def _cookies(context: BrowserContext) -> str:
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())


def _options(name: str) -> list[str]:
    return [NOT_FOR_PRIVATE_PAGES] if name in PRIVATE else []


def _shop_around(url: str, chromium: str) -> tuple[dict[str, str], str]:
    """The addresses of the pages, and the cookies of a shopper with something in the cart."""
    with _context(url, chromium) as context:
        shopper = Shopper(context.new_page())
        shopper.puts_into_cart()
        order = shopper.orders()
        shopper.sees_step("Delivered")
        product = shopper.puts_into_cart()
        cookies = _cookies(context)
    paths = {
        "home": "",
        "category": "categories/kitchen-table/",
        "product": product,
        "cart": "cart/",
        "checkout": "checkout/",
        "order": order,
    }
    return {name: urljoin(url, path) for name, path in paths.items()}, cookies


def _rate(url: str, cookies: str, *options: str, runs: int = RUNS) -> dict[str, int]:
    """The page's scores of 100, by category."""
    sys.stderr.write(f"rating {url}\n")
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"]
    command += [f"--chrome-flags=--headless=new {' '.join(QUIET)}"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookies})}"]
    reports = [_report([*command, *options]) for _ in range(runs)]
    _tell_why(reports[-1])
    rated = reports[-1]["categories"]
    return {what: round(median(_score(each, what) for each in reports)) for what in rated}


def _report(command: list[str]) -> dict:
    """Return what Lighthouse has to say, run once."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(command, check=True, cwd=folder, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _score(report: dict, what: str) -> float:
    return report["categories"][what]["score"] * 100


def _tell_why(found: dict) -> None:
    """Return what keeps the page from 100."""
    for category in found["categories"].values():
        for ref in category["auditRefs"]:
            audit = found["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                value = audit.get("displayValue", "")
                sys.stderr.write(f"  {category['id']}: {audit['title']} {value}\n")


def _print(rated: dict[str, dict[str, int]]) -> None:
    sys.stdout.write(f"| page | {' | '.join(MARKS)} |\n|---|{'---:|' * len(MARKS)}\n")
    for name, scores in rated.items():
        sys.stdout.write(
            f"| {name} | {' | '.join(str(scores.get(what, '')) for what in MARKS)} |\n"
        )


if __name__ == "__main__":
    sys.exit(main())
