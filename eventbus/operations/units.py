"""Figures as people read them: `340 ms`, `1.2 s`, `3 min`, `1,570/min`."""

_SECOND, _MINUTE, _HOUR, _DAY = 1_000.0, 60_000.0, 3_600_000.0, 86_400_000.0
_UNITS = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (_SECOND, "s"), (1.0, "ms"))


def spell_duration(ms: float) -> str:
    """Return a span of time, in milliseconds, with two digits that count: `1.2 s`, `340 ms`."""
    for size, unit in _UNITS:
        if _rounded(ms / size) >= 1:
            return f"{_rounded(ms / size):,.3g} {unit}"
    return f"{_rounded(ms):g} ms"


def spell_rate(per_minute: float) -> str:
    """Return how often something happens: `1,570/min`, `0.5/min`."""
    return f"{spell_number(per_minute)}/min"


def spell_number(number: float) -> str:
    """Return a number with its thousands apart, and with a fraction only where it is small."""
    return f"{number:,.0f}" if number >= 10 or number == round(number) else f"{number:.1f}"


def spell_percent(share: float) -> str:
    """Return a share as percent, with as many digits as it has: `99.9 %`."""
    return f"{round(100 * share, 6):g} %"


def _rounded(number: float) -> float:
    return round(number, 1) if number < 10 else float(round(number))
