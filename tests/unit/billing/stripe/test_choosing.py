"""Which processor is in use is a setting, refused at start when something is missing."""

import pytest

from billing import adapters
from billing.sandbox import SandboxProcessor
from billing.stripe import StripeProcessor
from tests.settings_read import refusal, settings_with

KEYS = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


@pytest.mark.parametrize(
    ("name", "adapter"), [("sandbox", SandboxProcessor), ("stripe", StripeProcessor)]
)
def test_setting_names_the_adapter(settings, name, adapter):
    settings.PAYMENT_GATEWAY = name
    assert type(adapters.processor()) is adapter


@pytest.mark.parametrize("missing", KEYS)
def test_stripe_without_a_key_is_refused_at_start_in_one_line(missing):
    (line,) = refusal(PAYMENT_GATEWAY="stripe", **KEYS | {missing: ""}).splitlines()
    assert missing in line
    assert "PAYMENT_GATEWAY=stripe" in line


def test_stripe_with_its_keys_starts():
    assert settings_with(PAYMENT_GATEWAY="stripe", **KEYS)["PAYMENT_GATEWAY"] == "stripe"
