"""The journey of a new learner, over HTTP, against the product as it is started by a newcomer."""

import pytest

from fixtures.journey import walk
from fixtures.product import Product

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


async def test_from_registration_to_a_finished_module(served: Product) -> None:
    progress = await walk(served)
    assert progress
