"""What every request passes through."""

import json

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit import tokens
from codezest.kit.settings import Settings
from fixtures.accounts import SignedIn, client_for

API = "/api/v1"


def _problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert body["type"] == f"urn:codezest:problem:{code}"
    assert body["status"] == status
    assert str(body["instance"]).startswith("urn:uuid:")
    return body


@pytest.mark.parametrize(
    "path", ["/", "/languages", f"{API}/languages", f"{API}/nowhere", "/healthz", "/static/nowhere"]
)
async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "referrer-policy" in headers
    assert "permissions-policy" in headers


async def test_an_unknown_path_is_a_problem_or_a_page(client: httpx.AsyncClient) -> None:
    _problem(await client.get(f"{API}/nowhere"), 404, "not-found")
    page = await client.get("/nowhere")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


async def test_a_wrong_method_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.delete(f"{API}/languages")
    assert answer.status_code in {401, 405}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_large_body_is_refused(client: httpx.AsyncClient, announced: bool) -> None:
    body = b'{"email": "' + b"x" * 10_000_000 + b'"}'

    async def chunks():  # noqa: ANN202 - an async generator of bytes
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    content = body if announced else chunks()
    answer = await client.post(f"{API}/auth/login", content=content, headers={"content-type": "application/json"})
    assert _problem(answer, 413, "payload-too-large")["limit_bytes"] == 1 << 20


@pytest.mark.parametrize(
    ("content", "content_type", "statuses"),
    [
        (b"\xff\xfe{}", "application/json", {400, 422}),
        (b"{", "application/json", {400, 422}),
        (b"[]", "application/json", {422}),
        (b"null", "application/json", {422}),
        (b"", "application/json", {422}),
        (b'{"email": 1, "password": []}', "application/json", {422}),
        (b'{"email": "a\\u0000@b.example", "password": "x"}', "application/json", {422}),
        (b'{"email": "\\ud800", "password": "x"}', "application/json", {400, 422}),
        (b'{"email": "a@b.example", "password": "x"}', "text/plain", {415, 422}),
        (b"[" * 100_000, "application/json", {400, 422}),
        (b'{"email": "a@b.example", "password": "x", "extra": 1}', "application/json", {422}),
        (b'{"email": ' + b"9" * 5000 + b"}", "application/json", {400, 422}),
    ],
)
async def test_a_malformed_body_is_the_callers_error(
    client: httpx.AsyncClient, content: bytes, content_type: str, statuses: set[int]
) -> None:
    answer = await client.post(f"{API}/auth/login", content=content, headers={"content-type": content_type})
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/languages/a%00b", f"{API}/languages/%00", f"{API}/languages?x=%00"])
async def test_a_nul_in_the_address_is_refused(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 400


@pytest.mark.parametrize(
    "path", [f"{API}/languages/%ff%fe", f"{API}/languages/" + "x" * 5000, f"{API}/modules/no-uuid"]
)
async def test_odd_addresses_are_not_found_or_invalid(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code in {404, 422}


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer \xff", "bearer " + "x" * 4000, "x"]
)
async def test_a_false_token_is_nobody(client: httpx.AsyncClient, authorization: str) -> None:
    answer = await client.get(f"{API}/me", headers=httpx.Headers([(b"Authorization", authorization.encode("latin-1"))]))
    _problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def _csrf(settings: Settings) -> tuple[str, str]:
    cookie = "c" * 32
    return cookie, tokens.sign(settings.signing_key, "csrf", cookie)


async def test_a_cookie_alone_changes_nothing(application: Application, settings: Settings, student: SignedIn) -> None:
    cookie, token = _csrf(settings)
    async with client_for(application, cookies={"codezest_session": student.token}) as client:
        _problem(await client.patch(f"{API}/me", json={"first_name": "Eve"}), 403, "csrf-failed")
        client.cookies.set("codezest_csrf", cookie)
        _problem(
            await client.patch(f"{API}/me", json={"first_name": "Eve"}, headers={"X-CSRF-Token": "0" * 64}),
            403,
            "csrf-failed",
        )
        for origin in (
            {"Origin": "http://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            answer = await client.patch(
                f"{API}/me", json={"first_name": "Eve"}, headers={"X-CSRF-Token": token} | origin
            )
            _problem(answer, 403, "csrf-failed")
        allowed = await client.patch(
            f"{API}/me", json={"first_name": "Ada"}, headers={"X-CSRF-Token": token, "Origin": "http://localhost:8000"}
        )
        assert allowed.status_code == 200, allowed.text
        assert allowed.json()["first_name"] == "Ada"


async def test_an_empty_token_does_not_stand_in_for_the_form_token(application: Application, student: SignedIn) -> None:
    empty = httpx.Headers([(b"Authorization", b"Bearer \xa0")])  # Python strips what HTTP keeps
    async with client_for(application, cookies={"codezest_session": student.token}) as client:
        _problem(await client.patch(f"{API}/me", json={"first_name": "Eve"}, headers=empty), 403, "csrf-failed")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Origin": "http://[x"}, 403, "csrf-failed"),
        ({"Content-Length": "\xb2"}, 413, "payload-too-large"),
        ({"Content-Length": "9" * 5000}, 413, "payload-too-large"),
    ],
)
async def test_unreadable_headers_are_the_callers_error(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, code: str
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await client.post(f"{API}/auth/login", content=b"{}", headers=httpx.Headers(raw))
    _problem(answer, status, code)


async def test_a_neighbours_cookie_does_not_hide_ours(application: Application, student: SignedIn) -> None:
    cookies = f'preferences={{"a": 1}}; odd name=1; codezest_session={student.token}'
    async with client_for(application, headers={"Cookie": cookies}) as client:
        assert (await client.get(f"{API}/me")).status_code == 200


@pytest.mark.parametrize(
    "path", [f"{API}/me", f"{API}/languages", f"{API}/me/progress", "/languages", f"{API}/nowhere"]
)
async def test_no_answer_is_kept_unless_it_says_so(application: Application, student: SignedIn, path: str) -> None:
    async with client_for(application, headers=student.headers) as client:
        assert (await client.get(path)).headers.get_list("cache-control") == ["no-store"]


async def test_the_address_a_proxy_adds_as_a_header_of_its_own_counts(settings: Settings) -> None:
    proxied = Application(
        settings.model_copy(update={"trusted_proxies": "127.0.0.1", "requests_per_minute": 10}), settings.database_url
    )
    async with proxied.lifespan(proxied.app), client_for(proxied) as client:
        for number in range(101):
            forged = [(b"X-Forwarded-For", f"198.51.100.{number}".encode()), (b"X-Forwarded-For", b"203.0.113.5")]
            status = (await client.get("/healthz", headers=httpx.Headers(forged))).status_code
            assert status == (429 if number == 100 else 200)


async def test_a_form_needs_its_token(client: httpx.AsyncClient, settings: Settings) -> None:
    cookie, token = _csrf(settings)
    form = {"email": "a@b.example", "password": "wrong-password"}
    assert (await client.post("/login", data=form)).status_code == 403
    client.cookies.set("codezest_csrf", cookie)
    assert (await client.post("/login", data=form | {"csrf_token": "0"})).status_code == 403
    answer = await client.post("/login", data=form | {"csrf_token": token})
    assert answer.status_code in {400, 401, 422}


async def test_a_bug_is_answered_and_says_nothing(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    from codezest.gateway import edge

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(edge, "actor_of_session", broken)
    async with client_for(application, headers={"Authorization": "Bearer x"}) as client:
        answer = await client.get(f"{API}/me")
        page = await client.get("/languages")
    _problem(answer, 500, "internal")
    assert page.status_code == 500
    assert "secret detail" not in answer.text + page.text


async def test_too_many_requests_are_slowed(settings: Settings, student: SignedIn) -> None:
    slow = Application(settings.model_copy(update={"requests_per_minute": 10}), settings.database_url)
    async with slow.lifespan(slow.app), client_for(slow, headers=student.headers) as client:
        answers = [await client.get(f"{API}/me") for _ in range(11)]
    assert {answer.status_code for answer in answers[:10]} == {200}
    assert answers[10].status_code == 429
    assert int(answers[10].headers["retry-after"]) >= 1


async def test_the_openapi_document_is_of_version_3_1(client: httpx.AsyncClient) -> None:
    document = json.loads((await client.get(f"{API}/openapi.json")).text)
    assert document["openapi"].startswith("3.1")
    assert all(path.startswith(API) for path in document["paths"])
    assert (await client.get(f"{API}/docs")).status_code == 200


async def test_health_and_metrics(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).status_code == 200
    metrics = await client.get("/metrics")
    assert "codezest_http_requests_total" in metrics.text


async def test_metrics_are_not_for_those_behind_a_proxy_of_this_machine(client: httpx.AsyncClient) -> None:
    assert (await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"})).status_code == 403


async def test_a_redirect_stays_within_tls(settings: Settings) -> None:
    secure = Application(settings.model_copy(update={"base_url": "https://codezest.example"}), settings.database_url)
    async with secure.lifespan(secure.app), client_for(secure) as client:
        answer = await client.get("/languages/", headers={"Host": "codezest.example"})
    assert answer.headers["location"] == "https://codezest.example/languages"


async def test_metrics_are_not_for_strangers(settings: Settings) -> None:
    guarded = Application(settings.model_copy(update={"metrics_token": "t" * 20}), settings.database_url)
    async with guarded.lifespan(guarded.app), client_for(guarded) as client:
        assert (await client.get("/metrics")).status_code == 403
        assert (await client.get("/metrics", headers={"Authorization": f"Bearer {'t' * 20}"})).status_code == 200
