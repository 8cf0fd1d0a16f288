"""What people type, made fit for a mail to somebody else: it can be read, and leads nowhere."""

import re
import unicodedata

from django.conf import settings

#: The most that is shown of it, in characters.
LONGEST = 200

#: Unicode's kinds of characters that show nothing, turn the text around or break the line:
#: controls, formats (zero width, direction), halves and what no font has.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: Where a mail program takes up a link: the dot before a letter, the colon after one.
_LINKING = re.compile(r"(?<=\w)([.\u3002\uff0e\uff61])(?=[^\W\d])|(?<=[^\W\d])(:)(?=\S)")


def plain(text: str) -> str:
    """In one line, without what cannot be seen, and no link but into the shop itself."""
    seen = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text)
    words = " ".join(map(_unlinked, seen.split()))
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _unlinked(word: str) -> str:
    if word.startswith(f"{settings.SHOP_URL}/"):
        return word
    return _LINKING.sub(lambda found: f"{found[0]} ", word)
