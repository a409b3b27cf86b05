"""Identity providers as the settings name them, and what is believed of their answers."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import ValidationError

from codezest.kit.settings import OAuthProvider, Settings
from codezest.services.auth.providers import github as github_module
from codezest.services.auth.providers import identity_provider, identity_providers
from codezest.services.auth.providers.github import GitHubProvider, primary_email
from codezest.services.auth.providers.identity import AuthorizationRequest, Identity
from codezest.services.auth.providers.oidc import OidcProvider
from codezest.services.auth.ways_in.errors import ProviderFailed, ProviderNotFound

REQUEST = AuthorizationRequest(
    redirect_uri="http://localhost:8000/login/with/x/callback", state="s" * 64, nonce="n" * 43, code_verifier="v" * 64
)
GITHUB = {"key": "GITHUB", "client_id": "id", "client_secret": "hush"}


def _settings(monkeypatch: pytest.MonkeyPatch, *providers: dict[str, str], **more: Any) -> Settings:
    monkeypatch.setenv("CODEZEST_OAUTH_PROVIDERS", json.dumps(providers))
    return Settings(**more)


def test_providers_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    school = {
        "key": "SCHOOL",
        "name": "Our school",
        "issuer": "https://id.school.example",
        "client_id": "a",
        "client_secret": "very hush",
    }
    settings = _settings(monkeypatch, GITHUB | {"key": "GOOGLE"}, GITHUB, school)
    assert [(key, provider.name) for key, provider in identity_providers(settings).items()] == [
        ("GOOGLE", "Google"), ("GITHUB", "GitHub"), ("SCHOOL", "Our school"),
    ]  # fmt: skip
    assert identity_provider(settings, "school") is identity_provider(settings, "SCHOOL")
    assert "hush" not in repr(settings)
    assert "hush" not in repr(settings.oauth_providers)
    with pytest.raises(ProviderNotFound):
        identity_provider(settings, "nowhere")


@pytest.mark.parametrize(
    "wrong",
    [{"issuer": ""}, {"issuer": "ftp://id.example"}, {"issuer": "https://"}, {"key": "small"}, {"client_id": ""},
     {"client_sercet": "hush"}],
    ids=range(6),
)  # fmt: skip
def test_a_wrong_provider_is_refused_without_showing_its_secret(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    given = {"key": "SCHOOL", "issuer": "https://id.example", "client_id": "a", "client_secret": "very hush"} | wrong
    with pytest.raises(ValidationError) as refused:
        _settings(monkeypatch, given)
    assert "hush" not in str(refused.value)


def test_a_key_stands_once_and_production_wants_https(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="twice"):
        _settings(monkeypatch, GITHUB, GITHUB)
    production = {
        "environment": "production", "secret_key": "x" * 40, "base_url": "https://learn.example", "smtp_url": "smtp://m",
    }  # fmt: skip
    school = {"key": "SCHOOL", "issuer": "http://id.example", "client_id": "a", "client_secret": "b"}
    _settings(monkeypatch, school)
    with pytest.raises(ValidationError, match="https"):
        _settings(monkeypatch, school, **production)


@pytest.mark.parametrize(
    ("base_url", "origin", "host"),
    [("", "http://localhost:8000", "localhost"), ("https://learn.example:443/", "https://learn.example", "learn.example"),
     ("https://learn.example:8443", "https://learn.example:8443", "learn.example"), ("http://[::1]:80", "http://[::1]", "::1")],
    ids=range(4),
)  # fmt: skip
def test_the_origin_is_what_a_browser_calls_it(base_url: str, origin: str, host: str) -> None:
    settings = Settings(base_url=base_url)
    assert (settings.origin, settings.relying_party) == (origin, host)


def _answering(monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any]) -> list[httpx.Request]:
    """Let GitHub be what the test says; returns what it is asked."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = answers[request.url.path]
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    monkeypatch.setattr(github_module, "http_client", lambda: httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    return asked


ANSWERS: dict[str, Any] = {
    "/login/oauth/access_token": {"access_token": "gho_x", "token_type": "bearer", "scope": "read:user,user:email"},
    "/user": {"id": 42, "login": "ada", "name": "Ada King Byron"},
    "/user/emails": [
        {"email": "old@ada.example", "primary": False, "verified": True},
        {"email": "ada@ada.example", "primary": True, "verified": True},
    ],
}


def _github() -> GitHubProvider:
    return GitHubProvider(OAuthProvider.model_validate(GITHUB))


async def test_github_says_who_came(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answering(monkeypatch, ANSWERS)
    url = httpx.URL(await _github().authorization_url(REQUEST))
    assert (url.host, url.params["code_challenge_method"], url.params["state"]) == ("github.com", "S256", "s" * 64)
    found = await _github().identity("the code", REQUEST)
    assert (found.account_id, found.email, found.email_verified) == ("42", "ada@ada.example", True)
    assert (found.first_name, found.last_name) == ("Ada", "King Byron")
    assert b"code_verifier=" + b"v" * 64 in asked[0].content
    assert asked[1].headers["authorization"] == "Bearer gho_x"
    assert "gho_x" not in repr(found)


@pytest.mark.parametrize(
    "wrong",
    [{"/login/oauth/access_token": {"error": "bad_verification_code"}}, {"/login/oauth/access_token": httpx.Response(500)},
     {"/user": {"id": "42"}}, {"/user": {"id": True}}, {"/user": []}, {"/user/emails": {"message": "no"}},
     {"/user": httpx.Response(200, text="<html>")}, {"/user": httpx.Response(302, headers={"location": "https://x"})}],
    ids=range(8),
)  # fmt: skip
async def test_what_github_should_not_say_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    _answering(monkeypatch, ANSWERS | wrong)
    with pytest.raises(ProviderFailed):
        await _github().identity("the code", REQUEST)


@pytest.mark.parametrize(
    ("emails", "found"),
    [([], (None, False)), ([{"email": "a@b.example", "primary": True, "verified": False}], ("a@b.example", False)),
     ([{"email": "a@b.example", "primary": False, "verified": True}], (None, False)),
     ([7, {"email": None, "primary": True}, {"email": "a@b.example", "primary": True, "verified": "yes"}], ("a@b.example", False))],
    ids=range(4),
)  # fmt: skip
def test_only_a_verified_primary_address_counts(emails: list[Any], found: tuple[str | None, bool]) -> None:
    assert primary_email(emails) == found


async def test_a_provider_that_is_somebody_else_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    from codezest.services.auth.providers import oidc

    said = {"issuer": "https://evil.example", "authorization_endpoint": "https://evil.example/a"}
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=said))
    monkeypatch.setattr(oidc, "http_client", lambda: httpx.AsyncClient(transport=transport))
    school = {"key": "SCHOOL", "issuer": "https://id.example", "client_id": "a", "client_secret": "b"}
    provider = OidcProvider(OAuthProvider.model_validate(school), name="School", issuer="https://id.example")
    with pytest.raises(ProviderFailed):
        await provider.authorization_url(REQUEST)
    said["issuer"], said["authorization_endpoint"] = "https://id.example/", "http://id.example/a"
    with pytest.raises(ProviderFailed):
        await provider.authorization_url(REQUEST)


PROVIDER_KEY, OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k"}), RSAKey.generate_key(2048, {"kid": "k"})
METADATA = {
    "issuer": "https://id.example",
    "authorization_endpoint": "https://id.example/a",
    "token_endpoint": "https://id.example/t",
    "jwks_uri": "https://id.example/k",
}


def _claims(**different: Any) -> dict[str, Any]:
    moment = int(time.time())
    claims = {
        "iss": "https://id.example", "aud": "us", "sub": "7", "iat": moment, "exp": moment + 300, "nonce": REQUEST.nonce,
        "email": "ada@ada.example", "email_verified": True,
    } | different  # fmt: skip
    return {name: value for name, value in claims.items() if value is not None}


def _unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none"}), json.dumps(claims)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."


def _signed_with_public_key(claims: dict[str, Any]) -> str:
    """The public key, which everybody has, taken for a shared secret."""
    head, body, _ = _unsigned(claims).split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k"}').decode().rstrip("=")
    public = PROVIDER_KEY.as_pem(private=False)
    signature = hmac.new(public, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}." + base64.urlsafe_b64encode(signature).decode().rstrip("=")


def _signed(claims: dict[str, Any], key: RSAKey = PROVIDER_KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k"}, claims, key)


async def _come_with(monkeypatch: pytest.MonkeyPatch, id_token: str) -> Identity:
    from codezest.services.auth.providers import oidc

    answers: dict[str, Any] = {
        "/.well-known/openid-configuration": METADATA,
        "/t": {"access_token": "at", "id_token": id_token, "expires_in": 60},
        "/k": {"keys": [PROVIDER_KEY.as_dict(private=False)]},
    }
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answers[request.url.path]))
    monkeypatch.setattr(oidc, "http_client", lambda: httpx.AsyncClient(transport=transport))
    school = {"key": "SCHOOL", "issuer": "https://id.example", "client_id": "us", "client_secret": "b"}
    provider = OidcProvider(OAuthProvider.model_validate(school), name="School", issuer="https://id.example")
    return await provider.identity("code", REQUEST)


async def test_a_token_that_holds_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await _come_with(monkeypatch, _signed(_claims()))
    assert (found.account_id, found.email, found.email_verified) == ("7", "ada@ada.example", True)
    assert found.granted.expires_at is not None


FORGED: dict[str, Callable[[], str]] = {
    "another issuer": lambda: _signed(_claims(iss="https://evil.example")),
    "for another site": lambda: _signed(_claims(aud="them")),
    "for many, asked by another": lambda: _signed(_claims(aud=["us", "them"], azp="them")),
    "another request": lambda: _signed(_claims(nonce="x" * 43)),
    "no request": lambda: _signed(_claims(nonce=None)),
    "expired": lambda: _signed(_claims(exp=int(time.time()) - 120)),
    "never ends": lambda: _signed(_claims(exp=None)),
    "from the future": lambda: _signed(_claims(iat=int(time.time()) + 600)),
    "nobody": lambda: _signed(_claims(sub=None)),
    "a number": lambda: _signed(_claims(sub=7)),
    "another token's": lambda: _signed(_claims(at_hash="x" * 22)),
    "another key": lambda: _signed(_claims(), OTHER_KEY),
    "no signature": lambda: _unsigned(_claims()),
    "a public secret": lambda: _signed_with_public_key(_claims()),
    "no token": lambda: "not a token",
}


@pytest.mark.parametrize("how", FORGED)
async def test_a_token_that_does_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    with pytest.raises(ProviderFailed):
        await _come_with(monkeypatch, FORGED[how]())


@pytest.mark.parametrize("said", [False, None, "false", "yes", 1, {}])
async def test_an_address_is_verified_only_if_the_provider_says_just_that(
    monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    found = await _come_with(monkeypatch, _signed(_claims(email_verified=said)))
    assert found.email_verified is False
