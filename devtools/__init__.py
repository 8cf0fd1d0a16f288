"""What developers run: the shop on one machine, storms, benchmarks, replays, documents.

Nothing in production imports it. Its programs are about the shop, and read the shop's settings.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
