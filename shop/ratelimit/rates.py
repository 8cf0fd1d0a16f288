"""How often is too often: `RATE_LIMITS`, such as `checkout=30/60,order=300/60`."""

from dataclasses import dataclass

#: By rule: so many tries of one visitor in so many seconds. `mailing` is of the forms that
#: have a mail sent to whatever address is typed.
USUAL = (
    "staff_login=30/60,password=100/900,checkout=30/60,promotion=10/600,wish=20/600,"
    "mailing=30/3600,order=300/60,token=20/60,cart=120/60"
)


@dataclass(frozen=True)
class Rate:
    tries: int
    seconds: int


def rates(text: str) -> dict[str, Rate]:
    """The rate of every rule; one that is not named keeps its usual one.

    Raises `ValueError` for what is no rule or no rate.
    """
    usual = _read(USUAL)
    given = _read(text)
    if strange := sorted(set(given) - set(usual)):
        raise ValueError(f"{', '.join(strange)}: not one of {', '.join(usual)}")
    return usual | given


def _read(text: str) -> dict[str, Rate]:
    found = {}
    for part in filter(None, map(str.strip, text.split(","))):
        rule, _, rate = part.partition("=")
        tries, _, seconds = rate.partition("/")
        if not (tries.isdecimal() and seconds.isdecimal() and int(tries) and int(seconds)):
            raise ValueError(f"{part}: should be like checkout=30/60, thirty in a minute")
        found[rule] = Rate(int(tries), int(seconds))
    return found
