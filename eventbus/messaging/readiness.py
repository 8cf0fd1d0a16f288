"""Telling whoever started this process that it is ready."""

from pathlib import Path

from eventbus.conf import conf


def mark_ready(name: str) -> None:
    """Leave a file for the process manager: `name` now does its work. Without a folder, nothing."""
    if conf.STATE:
        folder = Path(conf.STATE) / "run" / "ready"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
