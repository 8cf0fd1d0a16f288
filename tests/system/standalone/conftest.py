"""The bus, built and installed once for the tests of this folder."""

import pytest

from tests.system.standalone.installation import Installation, install


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("wheel"))
