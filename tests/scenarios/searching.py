"""Looking for a person wherever a shop writes: in tables, in files, and in what these wrap."""

import re
import zlib
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import connection

#: Long enough to be something wrapped: a session, a pickle.
_WRAPPED = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")


class Search:
    """For words, capitals or not, in plain sight or wrapped."""

    def __init__(self, *words: str) -> None:
        self._words = [word.lower() for word in words]

    def database(self) -> list[str]:
        """Return where they are: in every column of every table there is, whatever its type."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                select c.relname, a.attname from pg_attribute a
                join pg_class c on c.oid = a.attrelid
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'm')
                and a.attnum > 0 and not a.attisdropped
                """
            )
            columns = cursor.fetchall()
        return [found for table, column in columns for found in self._column(table, column)]

    def files(self, folder: Path) -> list[str]:
        """Return where they are: in every file below a folder, and in its name."""
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        texts = ((path, f"{path}\n".encode() + path.read_bytes()) for path in files)
        return [f"{word} in {path}" for path, text in texts for word in self._in(text)]

    def _column(self, table: str, column: str) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(f'select "{column}"::text from "{table}" where "{column}" is not null')
            texts = [_as_written(value) for (value,) in cursor.fetchall()]
        yield from (f"{word} in {table}.{column}" for word in self._in(b"\n".join(texts)))

    def _in(self, text: bytes) -> set[str]:
        readings = "\n".join(_decodings(text)).lower()
        return {word for word in self._words if word in readings}


def _as_written(value: str) -> bytes:
    """A value of the database; bytes come as their digits."""
    return (
        bytes.fromhex(value[2:]) if re.fullmatch(r"\\x(?:[0-9a-f]{2})+", value) else value.encode()
    )


def _decodings(data: bytes) -> Iterable[str]:
    """Return what is written there, and what that wraps: compressed, or as base64, or both."""
    yield data.decode(errors="replace")
    if data[:2] == b"\x1f\x8b":
        yield zlib.decompress(data, wbits=31).decode(errors="replace")
    for found in _WRAPPED.findall(data):
        wrapped = _unwrapped(found)
        yield wrapped.decode(errors="replace")
        try:
            yield zlib.decompress(wrapped).decode(errors="replace")
        except zlib.error:
            continue


def _unwrapped(text: bytes) -> bytes:
    padded = text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4)
    try:
        return urlsafe_b64decode(padded) if set(text) & set(b"-_") else b64decode(padded)
    except NotBase64:
        return b""
