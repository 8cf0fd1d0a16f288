"""Decompression is off: a compressed message would be large before its size is checked."""

from typing import NoReturn

from kombu import compression, serialization

#: What kombu takes from anybody, and decodes as its sender says: with zlib, say.
TAKEN_FROM_ANYBODY = serialization.TRUSTED_CONTENT


def disable_decompression() -> None:
    """Have kombu open nothing packed in this process; it would while it receives a message."""
    for kind in compression.encoders():
        compression.register(_refuse, _refuse, kind)
    for kind in TAKEN_FROM_ANYBODY:
        serialization.register(f"refused {kind}", None, _refuse, kind)


def _refuse(_: object) -> NoReturn:
    raise ValueError("what is packed is not opened")
