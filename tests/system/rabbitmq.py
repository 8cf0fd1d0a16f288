"""RabbitMQ for the tests that need it."""

import os

import pytest

from devtools.chaos import rabbitmq


def require_rabbitmq() -> None:
    """Skip the test where RabbitMQ is not installed; fail it where it must run (CI is set)."""
    if not rabbitmq.program():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(rabbitmq.MISSING)
