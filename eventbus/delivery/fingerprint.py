"""Fingerprints of errors: alike for one class at one place, whatever ids and figures they name."""

import re
from hashlib import sha256

from eventbus.conf import conf

#: Begins the error text of a discarded delivery; the reason follows.
DISCARDED = "discarded: "

_FRAME = re.compile(r'^  File "(?P<file>.+)", line \d+, in (?P<function>.+)$', re.MULTILINE)
#: Whatever has a digit or an @ in it: ids, figures, times, order numbers, addresses.
_PARTICULAR = re.compile(r"[\w.:+-]*[\d@][\w.:@+-]*")
_LIBRARIES = ("site-packages", "/lib/python", "<frozen")


def fingerprint(app: str, reaction: str, error: str) -> str:
    """Return 16 characters, the same for all failures of one reaction that are alike."""
    alike = (app, reaction, _PARTICULAR.sub("#", headline(error)), _place(error))
    return sha256("\n".join(alike).encode()).hexdigest()[:16]


def headline(error: str) -> str:
    """Return the line of a traceback that names the error, which is not always its last.

    A database's error goes on with details; of a discarded delivery it is the reason.
    """
    _, frame, text = error.rpartition('\n  File "')
    if not frame or error.startswith(DISCARDED):
        return error.partition("\n")[0]
    return next((line for line in text.splitlines()[1:] if line[:1].strip()), "")


def _place(error: str) -> str:
    """Return the innermost function of our own in the traceback, without its line number."""
    _, _, last = error.rpartition("Traceback (most recent call last):")
    frames = [(frame["file"], frame["function"]) for frame in _FRAME.finditer(last)]
    ours = [frame for frame in frames if not any(part in frame[0] for part in _LIBRARIES)]
    if not frames:
        return ""
    file, function = (ours or frames)[-1]
    return f"{file.removeprefix(str(conf.BASE_DIR))}:{function}"
