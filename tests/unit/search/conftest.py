from tests.unit.catalogue.conftest import importing, product_file  # noqa: F401 fixtures
