"""The application while its database is away: what everybody is told, and that it comes back by itself."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from codezest.gateway.app import Application
from codezest.gateway.problems import RETRY_SECONDS
from codezest.kit.context import SESSION_COOKIE, Context
from codezest.kit.settings import Settings
from fixtures.accounts import client_for
from fixtures.product import free_port

TOLD = "urn:codezest:problem:database-unavailable"


@pytest.fixture
def unused_address() -> str:
    return f"postgresql://codezest:unused@127.0.0.1:{free_port()}/codezest"


@pytest.fixture
async def orphan(unused_address: str, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application whose database nobody runs."""
    made = Application(settings, unused_address)
    async with made.lifespan(made.app), client_for(made) as client:
        yield client


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed-in", "nobody"])
async def test_the_api_says_when_to_come_again(orphan: httpx.AsyncClient, *, signed_in: bool) -> None:
    headers = {"Authorization": "Bearer czs_token-of-somebody"} if signed_in else {}
    answer = await orphan.get("/api/v1/languages", headers=headers)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == str(RETRY_SECONDS)
    body = answer.json()
    assert (body["type"], body["status"], body["retry_after"]) == (TOLD, 503, RETRY_SECONDS)
    assert "try again" in body["detail"]


async def test_a_transaction_that_cannot_begin_says_so_too(orphan: httpx.AsyncClient) -> None:
    answer = await orphan.post(
        "/api/v1/auth/login", json={"email": "student@codezest.example", "password": "learn-by-doing-42"}
    )
    assert (answer.status_code, answer.json()["type"]) == (503, TOLD)


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed-in", "nobody"])
async def test_a_browser_gets_a_page_and_a_way_to_try_again(orphan: httpx.AsyncClient, *, signed_in: bool) -> None:
    cookies = {"Cookie": f"{SESSION_COOKIE}=czs_token-of-somebody"} if signed_in else {}
    answer = await orphan.get("/languages", headers=cookies)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == str(RETRY_SECONDS)
    assert answer.headers["content-type"].startswith("text/html")
    assert "Back in a moment" in answer.text
    assert f"Try again in {RETRY_SECONDS} seconds" in answer.text
    assert 'href="/languages"' in answer.text


async def test_an_exchange_gets_a_note(orphan: httpx.AsyncClient) -> None:
    answer = await orphan.get("/languages", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert "<html" not in answer.text
    assert "The database does not answer right now" in answer.text


async def test_readiness_says_so_and_life_goes_on(orphan: httpx.AsyncClient) -> None:
    assert (await orphan.get("/readyz")).status_code == 503
    assert (await orphan.get("/healthz")).status_code == 200


async def test_it_is_declared(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all("503" in operation["responses"] for operation in operations)


@pytest.mark.parametrize("pooled", [True, False], ids=["pool", "session"])
async def test_a_mistake_of_ours_is_no_outage(settings: Settings, *, pooled: bool) -> None:
    async def wrong(context: Context) -> None:
        if pooled:
            await context.database.pool("learning").fetchval("SELECT 1 / 0")
        async with context.database.write("learning") as session:
            await session.execute(text("SELECT 1 / 0"))

    made = Application(settings, settings.database_url)
    made.app.add_api_route("/api/v1/wrong", wrong)
    async with made.lifespan(made.app), client_for(made) as client:
        answer = await client.get("/api/v1/wrong")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:codezest:problem:internal")
