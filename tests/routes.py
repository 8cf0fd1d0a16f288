"""Every route of some URL patterns, those in an `include` too."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver


def every_route(
    patterns: Iterable[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield each route as it is written in the code, with the pattern at its end."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern.url_patterns, route)
        else:
            yield route, pattern
