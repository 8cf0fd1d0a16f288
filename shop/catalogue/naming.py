"""Names: what they may hold, and those for what came without one."""

import json
import re
from collections.abc import Sequence
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

_NOT_IN_AN_ADDRESS = re.compile(r"[\s/?#%\\\x00-\x1f]|^\.{1,2}$")


def stable_name(parts: Sequence[str]) -> str:
    """A readable name made of `parts`: the same for the same parts, another for others.

    At most 91 lower-case ASCII characters. The ending tells apart what reads
    alike (`a-b` + `c` and `a` + `b-c`, or words in another script).
    """
    readable = slugify(" ".join(parts))[:80].strip("-")
    ending = sha256(json.dumps(list(parts)).encode()).hexdigest()[:10]
    return f"{readable}-{ending}".lstrip("-")


def unfit_for_address(text: str) -> str:
    """What of `text` cannot stand between two slashes of a web address; empty if all of it can."""
    found = _NOT_IN_AN_ADDRESS.search(text)
    return found[0] if found else ""


def validate_handle(text: str) -> None:
    """Raises `ValidationError` for a name under which no page could be opened."""
    if wrong := unfit_for_address(text):
        message = _("“%(wrong)s” cannot stand in a web address. Use letters, digits and hyphens.")
        raise ValidationError(message, code="handle", params={"wrong": wrong})
