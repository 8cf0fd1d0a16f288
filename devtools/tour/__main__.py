"""Carry the trial that was asked for to its end: `make run` starts it when the page asks."""

import signal
import sys

import django
from django.conf import settings

from eventbus.delivery.session_limits import limit_sessions


def main() -> None:
    django.setup()
    limit_sessions("audit")
    # Not before there are apps: they have models.
    from devtools.tour.experimenter import Experimenter
    from devtools.tour.programs import Programs
    from devtools.tour.store import Store

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    store = Store(settings.STATE)
    if trial := store.running():
        Experimenter(trial, store, Programs()).run()


if __name__ == "__main__":
    main()
