"""The shop counts in hundredths: a currency that has none is refused at start."""

import os
import subprocess
import sys

import pytest

from shop.settings import BASE_DIR


def started(currency: str) -> subprocess.CompletedProcess[str]:
    """The settings are read by a process with this currency."""
    return subprocess.run(
        [sys.executable, "-c", "import shop.settings"],
        env={**os.environ, "CURRENCY": currency},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_currency_with_hundredths_is_taken():
    assert started("CHF").returncode == 0


@pytest.mark.parametrize(
    ("currency", "why"),
    [
        ("JPY", "cannot be split into hundredths"),
        ("KWD", "cannot be split into hundredths"),
        ("euro", "no currency's code"),
        ("", "no currency's code"),
    ],
)
def test_other_currency_is_refused_in_one_line(currency, why):
    refused = started(currency)
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"CURRENCY={currency!r}")
    assert why in line
