"""Fixtures of the tests of auth."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.kit.settings import Settings
from services.auth.world import World, visitor


@pytest.fixture(scope="module")
def world(application: Application, database: Database, settings: Settings, owner: asyncpg.Connection) -> World:
    return World(application, database, settings, owner)


@pytest.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor whom no other test knows."""
    async with visitor(application) as made:
        yield made
