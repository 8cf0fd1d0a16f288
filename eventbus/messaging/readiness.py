"""Readiness of this process, for its process manager."""

from pathlib import Path

from eventbus.conf import conf


def mark_ready(name: str) -> None:
    """Create the readiness file of `name`; without `EVENTBUS_STATE`, none."""
    if conf.STATE:
        folder = Path(conf.STATE) / "run" / "ready"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
