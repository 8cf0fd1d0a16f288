"""How many pages one process can keep open: each is an open file of it."""

import resource

from django.conf import settings


def room() -> int:
    """So many streams as are wanted, and as leave half of the process's files to the rest.

    Takes all the files that the process may have: often it starts with 1,024 of many more.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    unlimited = hard == resource.RLIM_INFINITY
    return settings.LIVE_STREAMS if unlimited else min(settings.LIVE_STREAMS, hard // 2)
