"""The settings of a shop with the tour: the shop's own, which know nothing of it, and one app.

`make run` chooses them. They do not load where others than this machine can come in.
"""

from devtools import tour_locks
from shop.settings import *  # noqa: F403 they are the shop's settings
from shop.settings import INSTALLED_APPS as APPS_OF_THE_SHOP
from shop.settings import env

tour_locks.refuse_public(env)

INSTALLED_APPS = [*APPS_OF_THE_SHOP, "devtools.tour"]
ROOT_URLCONF = tour_locks.ADDRESSES
