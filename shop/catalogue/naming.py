"""Names for what came without one."""

import json
from collections.abc import Sequence
from hashlib import sha256

from django.utils.text import slugify


def stable_name(parts: Sequence[str]) -> str:
    """A readable name made of `parts`: the same for the same parts, another for others.

    At most 91 lower-case ASCII characters. The ending tells apart what reads
    alike (`a-b` + `c` and `a` + `b-c`, or words in another script).
    """
    readable = slugify(" ".join(parts))[:80].strip("-")
    ending = sha256(json.dumps(list(parts)).encode()).hexdigest()[:10]
    return f"{readable}-{ending}".lstrip("-")
