"""The rates of `RATE_LIMITS`, such as `checkout=30/60,order=300/60`."""

from dataclasses import dataclass

#: By rule: requests of one client in a number of seconds. `mailing` is for forms that send a
#: mail to any address typed.
DEFAULT_RATES = (
    "staff_login=30/60,password=100/900,checkout=30/60,promotion=10/600,wish=20/600,"
    "mailing=30/3600,order=300/60,token=20/60,cart=120/60,webhook=60/60"
)


@dataclass(frozen=True)
class Rate:
    """At most `max_hits` in a window of `seconds`."""

    max_hits: int
    seconds: int


def rates(text: str) -> dict[str, Rate]:
    """Return the rate of every rule; a rule that is not named keeps its default.

    Raises `ValueError` for an unknown rule or a malformed rate.
    """
    defaults = _read(DEFAULT_RATES)
    given = _read(text)
    if unknown := sorted(set(given) - set(defaults)):
        raise ValueError(f"{', '.join(unknown)}: not one of {', '.join(defaults)}")
    return defaults | given


def _read(text: str) -> dict[str, Rate]:
    found = {}
    for part in filter(None, map(str.strip, text.split(","))):
        rule, _, rate = part.partition("=")
        hits, _, seconds = rate.partition("/")
        if not (hits.isdecimal() and seconds.isdecimal() and int(hits) and int(seconds)):
            raise ValueError(f"{part}: should be like checkout=30/60, thirty in a minute")
        found[rule] = Rate(int(hits), int(seconds))
    return found
