"""The foreign systems, each started once for the tests of this folder that need it."""

from collections.abc import Iterator

import pytest

from tests.system.bridges.kafka import Kafka, running_kafka


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    with running_kafka() as broker:
        yield broker
