"""Accounts elsewhere, against a real OpenID provider on loopback."""

import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from codezest.kit.database import Database
from codezest.kit.sealing import sealer_for
from codezest.kit.settings import OAuthProvider, Settings
from codezest.services.auth.pages.entering import IDENTITY_COOKIE
from codezest.services.auth.providers.identity import fetch_object
from services.auth.ways import App, Browser, acts, forget_proof, leads_to, text_of
from services.auth.world import PASSWORD, World, new_email, visitor

with warnings.catch_warnings():  # of its own dependencies, which it imports the old way
    warnings.simplefilter("ignore")
    from oidc_provider_mock import run_server_in_thread

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning", "ignore:.*:ResourceWarning")


@pytest.fixture(scope="module")
def provider_url() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def late_provider_url() -> Iterator[str]:
    """One whose tokens have expired when they arrive."""
    with run_server_in_thread(access_token_max_age=timedelta(minutes=-5)) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def settings(settings: Settings, provider_url: str, late_provider_url: str) -> Settings:
    """With two providers that answer and one that does not."""
    given = [("SCHOOL", "School", provider_url), ("LATE", "", late_provider_url), ("GONE", "", "http://localhost:9")]
    providers = tuple(
        OAuthProvider.model_validate(
            {"key": key, "name": name, "issuer": issuer, "client_id": "codezest", "client_secret": "hush & hush"}
        )
        for key, name, issuer in given
    )
    return settings.model_copy(update={"oauth_providers": providers})


@dataclass(slots=True)
class Person:
    """Someone with an account at the provider."""

    subject: str
    email: str


@dataclass(slots=True)
class Traveller:
    """A browser, and the provider it is sent to."""

    browser: Browser
    provider_url: str

    @property
    def client(self) -> httpx.AsyncClient:
        return self.browser.client

    async def known(self, address: str | None = None, **claims: Any) -> Person:
        """Make an account at the provider."""
        person = Person(f"sub-{uuid4().hex[:10]}", address or new_email())
        said = {"email": person.email, "email_verified": True, "given_name": "Ada", "family_name": "King"} | claims
        async with httpx.AsyncClient() as outside:
            await outside.put(f"{self.provider_url}/users/{person.subject}", json=said)
        return person

    async def leave(
        self, person: Person, *, action: str = "/login/with/school", page: str = "/login", **fields: str
    ) -> str:
        """Go to the provider and agree; returns the path that it sends the browser back to."""
        answer = await self.browser.send(action, page, **fields)
        assert answer.status_code == 200, answer.headers.get("location")
        return await self.agree(answer, person)

    async def agree(self, page: httpx.Response, person: Person) -> str:
        url = away(page)
        async with httpx.AsyncClient() as outside:
            answer = await outside.post(url, data={"sub": person.subject})
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["location"])
        assert f"{back.scheme}://{back.netloc}" == "http://localhost:8000"
        return f"{back.path}?{back.query}"

    async def come_back(self, path: str) -> httpx.Response:
        return await self.browser.open(path)

    async def sign_in(self, person: Person, **fields: str) -> httpx.Response:
        return await self.come_back(await self.leave(person, **fields))

    async def email(self) -> str:
        """Of the account that is signed in here."""
        found = (await self.client.get("/api/v1/me", headers=self.bearer)).json()
        return str(found["email"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.client.cookies[SESSION_COOKIE]}"}

    @property
    def signed_in(self) -> bool:
        return SESSION_COOKIE in self.client.cookies


def away(page: httpx.Response) -> str:
    """Where a page sends the browser by itself."""
    found = page.text.split('content="0; url=')[1].split('"')[0]
    return found.replace("&amp;", "&")


@pytest.fixture
async def traveller(application: Application, provider_url: str) -> AsyncIterator[Traveller]:
    async with visitor(application) as client:
        yield Traveller(Browser(client), provider_url)


async def _connect(traveller: Traveller, person: Person) -> httpx.Response:
    path = await traveller.leave(person, action="/account/connections/school/connect", page="/account/connections")
    return await traveller.come_back(path)


async def test_a_newcomer_gets_an_account(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    answer = await traveller.sign_in(person, next="/languages")
    leads_to(answer, "/languages")
    assert await traveller.email() == person.email
    row = await world.owner.fetchrow("SELECT * FROM auth.users WHERE email = $1::citext", person.email)
    assert row is not None
    assert (row["first_name"], row["last_name"], row["password_hash"]) == ("Ada", "King", None)
    assert row["email_verified_at"] is not None
    assert await world.events(person.email) == ["auth.user_registered", "auth.email_verified", "auth.user_signed_in"]
    assert await acts(world, person.email) == ["identity.linked"]
    await world.deliver()
    assert world.letters(person.email)[0].subject == "Your account was connected"


async def test_coming_again_finds_the_same_account(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    await traveller.sign_in(person)
    leads_to(await traveller.sign_in(person, page="/account/confirm", next="/account/passkeys"), "/account/passkeys")
    count = await world.owner.fetchval(
        "SELECT count(*) FROM auth.oauth_accounts WHERE provider_account_id = $1", person.subject
    )
    assert count == 1
    live = await world.owner.fetchval(
        """SELECT count(*) FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id
           WHERE u.email = $1::citext AND s.revoked_at IS NULL""",
        person.email,
    )
    assert live == 1, "the browser's former session has ended"


async def test_what_the_provider_is_asked(traveller: Traveller) -> None:
    page = await traveller.browser.send("/login/with/school", "/login")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away(page)).query).items()}
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == "http://localhost:8000/login/with/school/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert asked["state"] != asked["nonce"]
    cookie = next(value for value in page.headers.get_list("set-cookie") if value.startswith(IDENTITY_COOKIE))
    assert "HttpOnly" in cookie
    assert traveller.client.cookies[IDENTITY_COOKIE] not in page.text
    again = await traveller.browser.send("/login/with/school", "/login")
    other = {name: values[0] for name, values in parse_qs(urlsplit(away(again)).query).items()}
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


async def test_tokens_are_sealed(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    await traveller.sign_in(person)
    row = await world.owner.fetchrow("SELECT * FROM auth.oauth_accounts WHERE provider_account_id = $1", person.subject)
    assert row is not None
    opened = sealer_for(world.settings).open(f"oauth id token:SCHOOL:{person.subject}", row["id_token_encrypted"])
    assert opened.count(b".") == 2
    assert opened not in row["id_token_encrypted"]


async def test_a_wrong_state_is_refused(traveller: Traveller) -> None:
    person = await traveller.known()
    path = await traveller.leave(person)
    code = parse_qs(urlsplit(path).query)["code"][0]
    for state in ("", "0" * 64, "x"):
        answer = await traveller.come_back(f"/login/with/school/callback?code={code}&state={state}")
        leads_to(answer, "/login")
    assert not traveller.signed_in
    assert "does not belong to a request of this browser" in text_of(await traveller.browser.open("/login"))


async def test_an_answer_is_of_no_use_in_another_browser(
    traveller: Traveller, application: Application, provider_url: str
) -> None:
    """Nor can anyone be made to sign in as somebody else by a link."""
    path = await traveller.leave(await traveller.known())
    async with visitor(application) as client:
        victim = Traveller(Browser(client), provider_url)
        leads_to(await victim.come_back(path), "/login")
        await victim.browser.send("/login/with/school", "/login")  # one that has begun something of its own
        leads_to(await victim.come_back(path), "/login")
        assert not victim.signed_in


async def test_an_answer_works_once(traveller: Traveller) -> None:
    path = await traveller.leave(await traveller.known())
    kept = traveller.client.cookies[IDENTITY_COOKIE]
    leads_to(await traveller.come_back(path), "/dashboard")
    traveller.client.cookies.clear()
    traveller.client.cookies.set(IDENTITY_COOKIE, kept)
    leads_to(await traveller.come_back(path), "/login")
    assert not traveller.signed_in


async def test_an_answer_that_comes_late_is_refused(traveller: Traveller, world: World) -> None:
    path = await traveller.leave(await traveller.known())
    await world.owner.execute(
        """UPDATE auth.ceremonies SET created_at = now() - interval '1 hour', expires_at = now()
           WHERE kind = 'IDENTITY_SIGN_IN'"""
    )
    leads_to(await traveller.come_back(path), "/login")
    assert not traveller.signed_in


async def test_an_answer_of_one_provider_is_none_of_another(traveller: Traveller) -> None:
    path = await traveller.leave(await traveller.known())
    leads_to(await traveller.come_back(path.replace("/school/", "/late/")), "/login")
    assert not traveller.signed_in


async def test_a_wrong_nonce_is_refused(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    path = await traveller.leave(person)
    await world.owner.execute(
        "UPDATE auth.ceremonies SET challenge = sha256('another') WHERE kind = 'IDENTITY_SIGN_IN' AND expires_at > now()"
    )
    leads_to(await traveller.come_back(path), "/login")
    assert not traveller.signed_in
    assert await world.owner.fetchval("SELECT count(*) FROM auth.users WHERE email = $1::citext", person.email) == 0


async def test_an_expired_token_is_refused(traveller: Traveller, late_provider_url: str) -> None:
    traveller.provider_url = late_provider_url
    person = await traveller.known()
    leads_to(await traveller.sign_in(person, action="/login/with/late"), "/login")
    assert not traveller.signed_in


async def test_a_made_up_code_is_refused(traveller: Traveller) -> None:
    path = await traveller.leave(await traveller.known())
    state = parse_qs(urlsplit(path).query)["state"][0]
    leads_to(await traveller.come_back(f"/login/with/school/callback?code=made-up&state={state}"), "/login")
    assert not traveller.signed_in


async def test_a_refusal_leads_back(traveller: Traveller) -> None:
    page = await traveller.browser.send("/login/with/school", "/login")
    state = parse_qs(urlsplit(away(page)).query)["state"][0]
    leads_to(await traveller.come_back(f"/login/with/school/callback?error=access_denied&state={state}"), "/login")
    assert "Nothing was changed" in text_of(await traveller.browser.open("/login"))


async def test_a_provider_out_of_reach_or_unknown_is_no_failure_of_ours(traveller: Traveller) -> None:
    for key in ("gone", "nowhere"):
        leads_to(await traveller.browser.send(f"/login/with/{key}", "/login"), "/login")


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": None}, {"email": None}, {"email": "no address"}]
)
async def test_an_address_that_is_not_verified_makes_no_account(
    traveller: Traveller, world: World, claims: dict[str, Any]
) -> None:
    person = await traveller.known(**claims)
    leads_to(await traveller.sign_in(person), "/login")
    assert not traveller.signed_in
    assert (
        await world.owner.fetchval(
            "SELECT count(*) FROM auth.oauth_accounts WHERE provider_account_id = $1", person.subject
        )
        == 0
    )


@pytest.mark.parametrize("verified", [True, False])
async def test_an_account_with_the_same_address_is_not_taken_over(
    traveller: Traveller, world: World, *, verified: bool
) -> None:
    email = await world.account()
    person = await traveller.known(email.upper(), email_verified=verified)
    answer = await traveller.sign_in(person)
    assert answer.headers["location"] in {"/login", "/login?next=/account/connections"}
    assert not traveller.signed_in
    assert await acts(world, email) == []


async def test_its_owner_signs_in_once_and_connects_the_two(traveller: Traveller, world: World) -> None:
    email = await world.account()
    person = await traveller.known(email)
    leads_to(await traveller.sign_in(person), "/login?next=/account/connections")
    assert "Log in the way you do" in text_of(await traveller.browser.open("/login"))
    leads_to(await traveller.browser.log_in(email), "/dashboard")
    leads_to(await _connect(traveller, person), "/account/connections")
    assert "School" in (await traveller.browser.open("/account/connections")).text
    traveller.client.cookies.clear()
    leads_to(await traveller.sign_in(person), "/dashboard")
    assert await traveller.email() == email
    assert await acts(world, email) == ["identity.linked"]


async def test_a_registration_that_nobody_confirmed_gives_its_author_nothing(
    traveller: Traveller, world: World
) -> None:
    """A stranger registers somebody's address and waits for them to come through a provider."""
    email = new_email()
    async with visitor(world.application) as stranger:
        await world.register(stranger, email, "the stranger's own password")
    await world.deliver()
    link = world.token(email)
    leads_to(await traveller.sign_in(await traveller.known(email)), "/dashboard")
    async with visitor(world.application) as stranger:
        used = await stranger.post("/api/v1/auth/verify-email", json={"token": link})
        assert used.status_code == 410
        tried = {"email": email, "password": "the stranger's own password"}
        assert (await stranger.post("/api/v1/auth/login", json=tried)).status_code == 401


async def test_an_address_need_not_be_the_same_to_connect(traveller: Traveller, world: World) -> None:
    email = await world.account()
    person = await traveller.known(email_verified=False)
    await traveller.browser.log_in(email)
    leads_to(await _connect(traveller, person), "/account/connections")
    traveller.client.cookies.clear()
    await traveller.sign_in(person)
    assert await traveller.email() == email


async def test_an_identity_belongs_to_one_account(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    await traveller.sign_in(person)
    traveller.client.cookies.clear()
    email = await world.account()
    await traveller.browser.log_in(email)
    await _connect(traveller, person)
    assert "connected with another one here" in text_of(await traveller.browser.open("/account/connections"))
    assert await acts(world, email) == []
    other = await traveller.known()
    await _connect(traveller, other)
    await traveller.browser.open("/account/connections")
    page = await traveller.browser.open("/account/connections")
    assert "/account/connections/school/connect" not in page.text


async def test_a_connection_belongs_to_the_session_it_was_begun_in(
    traveller: Traveller, application: Application, world: World, provider_url: str
) -> None:
    """Nobody connects an attacker's identity with their account by following a link, cookie planted or not."""
    attacker, victim_email = await world.account(), await world.account()
    await traveller.browser.log_in(attacker)
    person = await traveller.known()
    path = await traveller.leave(person, action="/account/connections/school/connect", page="/account/connections")
    planted = traveller.client.cookies[IDENTITY_COOKIE]
    async with visitor(application) as client:
        victim = Traveller(Browser(client), provider_url)
        await victim.browser.log_in(victim_email)
        client.cookies.set(IDENTITY_COOKIE, planted)
        leads_to(await victim.come_back(path), "/account/connections")
    assert await acts(world, victim_email) == []
    assert (
        await world.owner.fetchval(
            "SELECT count(*) FROM auth.oauth_accounts WHERE provider_account_id = $1", person.subject
        )
        == 0
    )


async def test_connecting_needs_recent_proof(traveller: Traveller, world: World) -> None:
    email = await world.account()
    await traveller.browser.log_in(email)
    await forget_proof(world, email)
    answer = await traveller.browser.send("/account/connections/school/connect", "/account/connections")
    leads_to(answer, "/account/confirm?next=%2Faccount%2Fconnections")


async def test_the_last_way_in_stays_and_others_go(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    await traveller.sign_in(person)
    connection = (await traveller.client.get("/api/v1/me/ways-in", headers=traveller.bearer)).json()["connections"][0]
    end = f"/account/connections/{connection['id']}/end"
    leads_to(await traveller.browser.send(end, "/account/connections"), "/account/connections")
    assert "your only way to log in" in text_of(await traveller.browser.open("/account/connections"))
    await traveller.client.post("/api/v1/auth/forgot-password", json={"email": person.email}, headers=traveller.bearer)
    await world.deliver()
    body = {"token": world.token(person.email), "password": PASSWORD}
    traveller.client.cookies.clear()
    await traveller.browser.send("/reset-password", f"/reset-password?token={body['token']}", **body)
    traveller.client.cookies.clear()
    leads_to(await traveller.browser.log_in(person.email), "/dashboard")
    leads_to(await traveller.browser.send(end, "/account/connections"), "/account/connections")
    assert await acts(world, person.email) == ["identity.linked", "identity.unlinked"]
    traveller.client.cookies.clear()
    leads_to(await traveller.sign_in(person), "/login?next=/account/connections")


async def test_the_second_step_is_asked_for_here_too(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    await traveller.sign_in(person)
    setup = (await traveller.client.post("/api/v1/me/two-step", headers=traveller.bearer)).json()
    app = App(setup["secret"])
    await traveller.client.post(
        "/api/v1/me/two-step/confirm", json={"code": app.code(steps=-1)}, headers=traveller.bearer
    )
    traveller.client.cookies.clear()
    leads_to(await traveller.sign_in(person, next="/languages"), "/login/code?next=%2Flanguages")
    assert not traveller.signed_in
    answer = await traveller.browser.send(
        "/login/code", "/login/code?next=/languages", code=app.code(), next="/languages"
    )
    leads_to(answer, "/languages")
    assert await traveller.email() == person.email


async def test_a_suspended_account_is_closed(traveller: Traveller, world: World) -> None:
    person = await traveller.known()
    await traveller.sign_in(person)
    traveller.client.cookies.clear()
    await world.owner.execute("UPDATE auth.users SET suspended_at = now() WHERE email = $1::citext", person.email)
    leads_to(await traveller.sign_in(person), "/login")
    assert not traveller.signed_in


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"], ids=range(3))
async def test_the_way_on_stays_within_the_site(traveller: Traveller, target: str) -> None:
    leads_to(await traveller.sign_in(await traveller.known(), next=target), "/dashboard")


async def test_no_transaction_is_open_while_the_provider_is_asked(
    traveller: Traveller, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    fetch = fetch_object

    async def watched(*arguments: Any, **options: Any) -> dict[str, Any]:
        async with database.write("ops") as session:
            seen.append(
                int(
                    await session.scalar(
                        text(
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'codezest-auth' "
                            "AND datname = current_database() AND state = 'idle in transaction'"
                        )
                    )
                    or 0
                )
            )
        return await fetch(*arguments, **options)

    monkeypatch.setattr("codezest.services.auth.providers.oidc.fetch_object", watched)
    leads_to(await traveller.sign_in(await traveller.known()), "/dashboard")
    assert len(seen) >= 2
    assert set(seen) == {0}
