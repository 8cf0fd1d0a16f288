"""A figure of several rounds: its median, and how far the rounds lie apart."""

import statistics
from collections.abc import Sequence


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median, the least and the most of some values."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def shown(figure: dict[str, float], digits: int = 1) -> str:
    """Return a figure for people, as `4.1 (3.9 to 4.4)`."""
    median, least, most = (f"{figure[key]:.{digits}f}" for key in ("median", "least", "most"))
    return f"{median} ({least} to {most})"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile; of a single value, itself."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
