"""Words in texts of the console: how many of what."""


def plural(noun: str) -> str:
    """Return the plural of an English noun: orders, deliveries, boxes."""
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def counted(many: int, noun: str) -> str:
    """Say how many: `1 order`, `1,200 deliveries`."""
    return f"{many:,} {noun if many == 1 else plural(noun)}"
