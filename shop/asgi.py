"""The web process: `uvicorn shop.asgi:application`."""

import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.core.asgi import get_asgi_application
from django.db import InterfaceError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

# Whitenoise sends its files that way; they are small, and the warning is no news to anybody.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

django = get_asgi_application()

# Only now, because they read the settings.
from eventbus.delivery.session_limits import limit_sessions  # noqa: E402
from shop.web.capacity import Capacity  # noqa: E402
from shop.web.lifespan import Lifespan  # noqa: E402
from shop.web.local_only import LocalOnly  # noqa: E402

limit_sessions("web")
application = Lifespan(LocalOnly(Capacity(django)))


def _refuse_unfit() -> None:
    """End, in one line, if the database is not fit to serve. One that is away may come back."""
    from eventbus.exceptions import StartupError, in_one_line
    from shop.web.startup_checks import check_startup

    # A server may import this in its event loop, in which Django would ask no database.
    with ThreadPoolExecutor(max_workers=1) as thread:
        try:
            thread.submit(check_startup).result()
        except StartupError as error:
            raise SystemExit(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            log = structlog.get_logger("shop")
            log.warning("the database is away", error=in_one_line(error))


_refuse_unfit()
