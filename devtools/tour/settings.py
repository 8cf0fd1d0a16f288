"""The settings of a shop with the tour: the shop's own, which know nothing of it, and one app.

`make run` chooses them. They do not load where others than this machine can come in.
"""

from typing import Any

from django.urls import reverse_lazy

from devtools import tour_locks
from shop.settings import *  # noqa: F403 they are the shop's settings
from shop.settings import INSTALLED_APPS as APPS_OF_THE_SHOP
from shop.settings import UNFOLD as THEME
from shop.settings import env

tour_locks.refuse_public(env)

INSTALLED_APPS = [*APPS_OF_THE_SHOP, "devtools.tour"]
ROOT_URLCONF = "devtools.tour.root_urls"
#: The page in the admin's menu, beside those of the console.
ENTRY = {
    "title": "Try to break it",
    "icon": "bolt",
    "link": reverse_lazy("tour:page"),
    "permission": lambda request: request.user.has_perm("eventbus.operate"),
}
SIDEBAR: Any = THEME["SIDEBAR"]
MENU = [
    group | {"items": [*group["items"], ENTRY]} if group.get("title") == "Console" else group
    for group in SIDEBAR["navigation"]
]
UNFOLD = THEME | {"SIDEBAR": SIDEBAR | {"navigation": MENU}}
