"""Which processor is in use is a setting, refused at start when something is missing."""

import os
import subprocess
import sys

import pytest

from billing import adapters
from billing.sandbox import SandboxProcessor
from billing.stripe import StripeProcessor
from shop.settings import BASE_DIR

KEYS = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def started(**variables: str) -> subprocess.CompletedProcess[str]:
    """The settings are read by a process with these variables."""
    return subprocess.run(
        [sys.executable, "-c", "import shop.settings"],
        env={**os.environ, **variables},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "adapter"), [("sandbox", SandboxProcessor), ("stripe", StripeProcessor)]
)
def test_setting_names_the_adapter(settings, name, adapter):
    settings.PAYMENT_GATEWAY = name
    assert type(adapters.processor()) is adapter


@pytest.mark.parametrize("missing", KEYS)
def test_stripe_without_a_key_is_refused_at_start_in_one_line(missing):
    refused = started(PAYMENT_GATEWAY="stripe", **KEYS | {missing: ""})
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert missing in line
    assert "PAYMENT_GATEWAY=stripe" in line


def test_stripe_with_its_keys_starts():
    assert started(PAYMENT_GATEWAY="stripe", **KEYS).returncode == 0
