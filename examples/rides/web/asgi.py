"""The web process: pages, their files, and live streams. `uvicorn web.asgi:application`."""

import os

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
application = ASGIStaticFilesHandler(get_asgi_application())
