"""`make lighthouse`: how Lighthouse rates the main pages of a real system, on a simulated phone.

Each page is rated three times; the middle score counts. Needs Chromium, and npm, which fetches
Lighthouse. Exits with 1 when a page misses its mark.
"""

import json
import os
import shutil
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from playwright.sync_api import sync_playwright

from devtools.system import running_system, temporary_state
from tests.system.browser.conftest import PHONE, QUIET
from tests.system.browser.shopper import Shopper

#: The last release for Node.js 20.
LIGHTHOUSE = "lighthouse@12.8.2"
RUNS = 3
#: What each page must reach, of 100.
MARKS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
#: Pages of one shopper's own are not for search engines: Lighthouse's advice to let them in is not.
PRIVATE = ("cart", "checkout", "order")
NOT_FOR_PRIVATE_PAGES = "--skip-audits=is-crawlable"


def main() -> int:
    """Rate the pages; returns the exit status."""
    chromium = shutil.which("chromium") or sys.exit("Chromium is missing")
    os.environ["CHROME_PATH"] = chromium
    with temporary_state() as state, running_system(state, SHOP_RUN_EXCLUDE="flower") as system:
        pages, cookies = _shop_around(system.url, chromium)
        rated = {name: _rate(name, url, cookies) for name, url in pages.items()}
    _print(rated)
    return int(any(scores[what] < MARKS[what] for scores in rated.values() for what in MARKS))


def _shop_around(url: str, chromium: str) -> tuple[dict[str, str], str]:
    """The addresses of the pages, and the cookies of a shopper with something in the cart."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET])
        context = browser.new_context(base_url=url, viewport=PHONE)
        shopper = Shopper(context.new_page())
        shopper.puts_into_cart()
        order = shopper.orders()
        shopper.sees_step("Delivered")
        product = shopper.puts_into_cart()
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
        browser.close()
    paths = {
        "home": "",
        "category": "categories/kitchen-table/",
        "product": product,
        "cart": "cart/",
        "checkout": "checkout/",
        "order": order,
    }
    return {name: urljoin(url, path) for name, path in paths.items()}, cookies


def _rate(name: str, url: str, cookies: str) -> dict[str, int]:
    """The page's scores of 100, by category."""
    sys.stderr.write(f"rating {url}\n")
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"]
    command += [f"--chrome-flags=--headless=new {' '.join(QUIET)}"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookies})}"]
    command += [NOT_FOR_PRIVATE_PAGES] if name in PRIVATE else []
    reports = [_report(command) for _ in range(RUNS)]
    _tell_why(reports[-1])
    return {what: round(median(_score(each, what) for each in reports)) for what in MARKS}


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
        sys.stdout.write(f"| {name} | {' | '.join(str(scores[what]) for what in MARKS)} |\n")


if __name__ == "__main__":
    sys.exit(main())
