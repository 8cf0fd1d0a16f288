"""What people type, made fit for a mail to somebody else: it can be read, and leads nowhere."""

import re
import unicodedata

from django.conf import settings

#: The most that is shown of it, in characters.
LONGEST = 200

#: Unicode's kinds of characters that show nothing, turn the text around or break the line:
#: controls, formats (zero width, direction), halves and what no font has.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: Letters and marks that show nothing either: fillers, joiners, selectors of a variant.
_EMPTY = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
#: What is read as a dot or a colon, in any script (Unicode's confusables).
_DOTS = ".\u0701\u0702\u06d4\u3002\ua4f8\ua60e"
_COLONS = ":\u02d0\u02f8\u0589\u05c3\u205a\u2236\ua789"
#: Where a mail program takes up a link: the dot before a letter, the colon after one.
_LINKING = re.compile(
    rf"(?<=\S)[{_DOTS}](?=[^\W\d]|[^\0-\x7f])|(?<=[^\s\d])[{_COLONS}](?=\S)|[{_COLONS}](?=/)"
)
#: Ways of the shop's own: what a sentence puts behind one may be another link.
_WAY = re.compile(r"/[\w/?=&%#~+-]*")


def plain(text: str) -> str:
    """Put it in one line, without what cannot be seen, and no link but into the shop itself.

    Characters that are ways to write another one, full-width ones say, become that one.
    """
    seen = "".join(" " if _is_unseen(c) else c for c in unicodedata.normalize("NFKC", text))
    words = " ".join(map(_unlinked, seen.split()))
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or bool(_EMPTY.match(character))


def _unlinked(word: str) -> str:
    shop, way = word[: len(settings.SHOP_URL)], word[len(settings.SHOP_URL) :]
    if shop == settings.SHOP_URL and _WAY.fullmatch(way):
        return word
    return _LINKING.sub(lambda found: f"{found[0]} ", word)
