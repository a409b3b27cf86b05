"""A real Chromium against a running product."""

from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Protocol

import pytest
from playwright.async_api import Browser

from e2e.chromium import launched
from e2e.course import Course, read_course
from e2e.profiles import Profiles
from fixtures.learners import make_learners
from fixtures.product import Product, running_product

GRADERS = 2
"""Programs graded at once, whatever the machine has."""


class Enrolled(Protocol):
    """`await enrolled()` → the session token of a new learner of Python."""

    def __call__(self) -> Awaitable[str]: ...


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def served(browser: Browser) -> Iterator[Product]:
    with running_product(CODEZEST_WORKER_CONCURRENCY=str(GRADERS)) as product:
        yield product


@pytest.fixture(scope="session")
def course(served: Product) -> Course:
    return read_course(served.url)


@pytest.fixture(scope="session")
def enrolled(served: Product) -> Enrolled:
    database_url = served.database_url()

    async def make() -> str:
        (token,) = await make_learners(database_url, 1)
        return token

    return make


@pytest.fixture
async def profiles(browser: Browser, served: Product, request: pytest.FixtureRequest) -> AsyncIterator[Profiles]:
    """Browser profiles whose pages must not complain; their traces are kept when the test fails."""
    made = Profiles(browser, served.url, request.node.name)
    failures = request.session.testsfailed
    yield made
    complaints = made.complaints
    await made.close(failed=bool(complaints) or request.session.testsfailed > failures)
    assert complaints == []
