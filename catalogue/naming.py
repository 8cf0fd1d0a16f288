"""Names: what they may hold, and those for what came without one."""

import json
import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

#: Of a code, which may hold spaces and slashes: what ends a line, and steps that browsers resolve.
_NOT_IN_A_CODE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|(?:^|(?<=/))\.{1,2}(?=/|$)")
_NOT_IN_A_PICTURE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")
_NOT_IN_AN_ADDRESS = re.compile(r"[\s/?#%\\\x00-\x1f]|^\.{1,2}$")


def stable_name(parts: Sequence[str]) -> str:
    """Return a readable name made of `parts`: the same for the same parts, another for others.

    At most 91 lower-case ASCII characters. The ending tells apart what reads
    alike (`a-b` + `c` and `a` + `b-c`, or words in another script).
    """
    readable = slugify(" ".join(parts))[:80].strip("-")
    ending = sha256(json.dumps(list(parts)).encode()).hexdigest()[:10]
    return f"{readable}-{ending}".lstrip("-")


def unfit_for_address(text: str) -> str:
    """Return what of `text` cannot stand between two slashes of a web address; empty if all can."""
    found = _NOT_IN_AN_ADDRESS.search(text)
    return found[0] if found else ""


def validate_handle(text: str) -> None:
    """Raise `ValidationError` for a name under which no page could be opened."""
    if wrong := unfit_for_address(text):
        message = _("“%(wrong)s” cannot stand in a web address. Use letters, digits and hyphens.")
        raise ValidationError(message, code="handle", params={"wrong": wrong})


def unfit_for_code(text: str) -> str:
    """Return what of `text` cannot be in a SKU, which ends its page's address; empty if all can."""
    found = _NOT_IN_A_CODE.search(text)
    return found[0] if found else ""


def unfit_for_picture(text: str) -> str:
    """Return what of `text` cannot be in the address of a picture; empty if all can."""
    found = _NOT_IN_A_PICTURE.search(text)
    return found[0] if found else ""


def validate_sku(text: str) -> None:
    """Raise `ValidationError` for a SKU under which no page could be opened."""
    if wrong := unfit_for_code(text):
        message = _("“%(wrong)s” cannot stand in a SKU, which is part of a web address.")
        raise ValidationError(message, code="sku", params={"wrong": wrong})


def validate_picture(text: str) -> None:
    """Raise `ValidationError` for a picture that no browser could ask for."""
    if wrong := unfit_for_picture(text):
        message = _("“%(wrong)s” cannot stand in the address of a picture.")
        raise ValidationError(message, code="picture", params={"wrong": wrong})


def visible(text: str) -> str:
    """Return the text without characters that nobody sees, such as those that turn it round."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def slug_for(name: str, longest: int) -> str:
    """Return the name as part of an address, at most so long; another one for what reads otherwise.

    What reads alike but for case and punctuation (`Home & Garden`, `home garden`) is one. Where
    letters' marks or signs such as those of `C++` are not in the slug, an ending tells apart.
    """
    slug = slugify(name, allow_unicode=True)
    significant = _significant(name)
    if len(slug) <= longest and _significant(slug) == significant:
        return slug
    ending = sha256(significant.encode()).hexdigest()[:10]
    return f"{slug[: longest - 11]}-{ending}".lstrip("-")


def _significant(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(
        sign for sign in folded if unicodedata.category(sign)[0] in "LMNS" or sign in "#%@*"
    )
