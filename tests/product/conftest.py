"""A running product for the tests that need real processes."""

from collections.abc import Iterator

import pytest

from fixtures.product import Product, running_product


@pytest.fixture(scope="session")
def served() -> Iterator[Product]:
    """One product for every test that does not harm it."""
    with running_product() as product:
        yield product
