"""How many streams one process can keep open: each is an open file of it."""

import resource

from django.conf import settings


def stream_limit() -> int:
    """Return the most streams at a time: LIVE_STREAMS, capped at half of the open-file limit.

    Raises the limit of open files to what the process may have: often it starts with 1,024.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    unlimited = hard == resource.RLIM_INFINITY
    return settings.LIVE_STREAMS if unlimited else min(settings.LIVE_STREAMS, hard // 2)
