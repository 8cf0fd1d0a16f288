"""What keeps the tour away from everybody but the person at this machine.

It is not in the shop's own settings; its settings do not load where others come in; and its pages
answer nobody who comes from elsewhere.
"""

from django.http import HttpRequest

from shop import production
from shop.environment import Environment
from shop.listen_addresses import names_other_host

#: The settings and the addresses of a shop with the tour, and its folder in the run folder.
SETTINGS, ADDRESSES, FOLDER = "devtools.tour.settings", "devtools.tour.root_urls", "tour"
#: The headers by which a proxy says for whom it asks.
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")


def hindrances(env: Environment) -> list[str]:
    """Return a line for each reason why this shop may have no tour."""
    found = []
    if production.is_production(env):
        found.append("SHOP_HOST, SHOP_URL, ALLOWED_HOSTS: others than this machine can come in")
    if env.payment_gateway != "sandbox":
        found.append("PAYMENT_GATEWAY: the tour's shoppers have the cards of the sandbox alone")
    return found


def refuse_public(env: Environment) -> None:
    """Raise SystemExit, a line for each reason, where this shop may have no tour."""
    if reasons := hindrances(env):
        raise SystemExit("\n".join([f"{SETTINGS}: the tour breaks things", *reasons]))


def is_here(request: HttpRequest) -> bool:
    """Tell whether a request comes from this machine, and for nobody behind a proxy."""
    address = request.META.get("REMOTE_ADDR", "")
    is_ours = bool(address) and not names_other_host(address)
    return is_ours and not any(header in request.META for header in FORWARDED)
