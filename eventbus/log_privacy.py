"""Log lines tell what happened and where, not to whom: that is for pages that check who looks.

Whoever writes a line need not think of it. What errors quote comes from outside: the database
quotes rows, a mail server addresses, and Django the address of a page, which may be a key.
"""

import re
from typing import Any
from urllib.parse import urlsplit

#: Stands where something was left out.
HIDDEN = "•••"

_ADDRESS = re.compile(r"[^\s@'\"()<>=]+@[^\s@'\"()<>=]+")
_QUOTED = [
    # A row, or the values of a key, up to the next line of a traceback.
    re.compile(
        r"(?<=DETAIL:)(?:.(?!\n\s*(?:File |Traceback|The above|During|CONTEXT:|HINT:)))+", re.S
    ),
    # What did not fit: PostgreSQL's, pydantic's, Python's.
    re.compile(r"(?<=invalid input syntax for type )([^:\n]+): \"[^\n]*\""),
    re.compile(r"(?<=input_value=)[^\n]*(?=, input_type=)"),
    re.compile(r"(?<=invalid literal for )([^:\n]+): [^\n]*"),
]
_URL = re.compile(r"https?://[^\s'\"<>]+")


def mask_personal_data(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Mask personal data in a log entry; a processor of structlog."""
    _name_the_page(entry)
    return {
        name: mask_error(value) if isinstance(value, str) else value
        for name, value in entry.items()
    }


def mask_addresses(text: str) -> str:
    """Return a text without e-mail addresses."""
    return _ADDRESS.sub(HIDDEN, text)


def mask_error(text: str) -> str:
    """Return an error's text without quoted rows, invalid input and e-mail addresses."""
    for quoted in _QUOTED:
        text = quoted.sub(
            lambda found: f"{found[1]}: {HIDDEN}" if found.re.groups else HIDDEN, text
        )
    return mask_addresses(text)


def _name_the_page(entry: dict[str, Any]) -> None:
    """Name a page as it stands in the code: orders, links in mails and searches have
    addresses that nobody else should know."""
    request = entry.pop("request", None)
    if not hasattr(request, "get_full_path"):
        return
    match = request.resolver_match
    page = f"/{match.route}" if match else f"/{request.path.split('/')[1]}/…"
    entry["method"] = request.method
    for name, value in entry.items():
        if isinstance(value, str):
            value = value.replace(request.get_full_path(), page).replace(request.path, page)
            entry[name] = _URL.sub(lambda url: urlsplit(url[0]).netloc, value)
