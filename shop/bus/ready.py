"""Telling whoever started this process that it is ready."""

from django.conf import settings


def mark_ready(name: str) -> None:
    """Leave a file for the process manager: `name` now does its work."""
    folder = settings.STATE / "run" / "ready"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
