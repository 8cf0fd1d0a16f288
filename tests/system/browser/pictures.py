"""What pages look like: kept of those that the README shows."""

from playwright.sync_api import Page

from devtools.system import PROJECT

#: Where the tests keep what `make pictures` chooses from.
PICTURES = PROJECT / "test-output" / "pictures"

#: What the README shows: by the name there, which picture, and how wide it is there, in pixels.
CHOSEN = {
    "home": ("home-light", 390),
    "product": ("product-light", 390),
    "checkout": ("checkout", 390),
    "order-live": ("order-received", 390),
    "home-dark": ("home-dark", 1000),
    "order-dark": ("order-dark", 1000),
    "now": ("console-now-audited", 1000),
    "map": ("console-map-light", 1000),
    "throughput": ("console-throughput-light", 1000),
    "tour": ("tour-under-way-light", 1000),
    "rides": ("rides", 1000),
}
_KEPT = {name for name, _ in CHOSEN.values()}

#: Load what waits to be scrolled to. A picture that cannot be loaded is an error.
_LOAD = """() => Promise.all(Array.from(document.images, (image) => {
  image.loading = "eager";
  return image.decode();
}))"""


def load_pictures(page: Page) -> None:
    """Have the page load all its pictures; an error is raised where one cannot be."""
    page.evaluate(_LOAD)


def picture(page: Page, name: str) -> None:
    """Load all pictures of the page, and keep what it looks like where the README shows that.

    To draw a whole page takes as long as to look for what is wrong with it.
    """
    load_pictures(page)
    if name in _KEPT:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
