"""The pages, as a browser without scripts uses them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.context import CSRF_COOKIE, SESSION_COOKIE
from codezest.kit.mail import Mail, mailbox_for
from codezest.kit.settings import Settings
from services.auth.world import API, PASSWORD, World, csrf_token, new_email, problem, visitor

NEW = "nine orange lanterns"


class Browser:
    """Remembers cookies and sends forms with their token."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def send(self, path: str, page: str | None = None, **fields: str) -> httpx.Response:
        """Open the page that holds the form, then send the form."""
        token = csrf_token(await self.client.get(page or path))
        return await self.client.post(path, data={"csrf_token": token} | fields)

    async def log_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return await self.send("/login", email=email, password=password, **more)


@pytest.fixture
async def browser(application: Application) -> AsyncIterator[Browser]:
    async with visitor(application) as client:
        yield Browser(client)


def _leads_to(answer: httpx.Response, path: str) -> None:
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == path


def _messages(answer: httpx.Response) -> str:
    """The page's text without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


async def test_from_registration_to_a_session(browser: Browser, world: World) -> None:
    email = new_email()
    answer = await browser.send("/register", first_name="Ada", last_name="King", email=email, password=PASSWORD)
    _leads_to(answer, "/register/sent")
    sent = await browser.open("/register/sent")
    assert "Check your mail" in sent.text
    assert 'href="/mailbox"' in sent.text
    await world.deliver()
    mailbox = await browser.open("/mailbox")
    link = re.search(r'href="(http://localhost:8000/verify-email\?token=[^"]+)"', mailbox.text)
    assert link is not None
    path = link.group(1).removeprefix("http://localhost:8000")

    page = await browser.open(path)
    for _ in range(2):  # a mail scanner opens the link and changes nothing
        page = await browser.open(path)
        assert page.status_code == 200
        assert "Ada King" in page.text
        assert email in page.text
    token = parse_qs(urlsplit(path).query)["token"][0]
    confirmed = await browser.client.post("/verify-email", data={"csrf_token": csrf_token(page), "token": token})
    _leads_to(confirmed, "/login")
    assert "Your address is confirmed" in (await browser.open("/login")).text
    used = await browser.open(path)
    assert used.status_code == 410
    assert "was used before" in used.text

    answer = await browser.log_in(email)
    _leads_to(answer, "/dashboard")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert f"Max-Age={400 * 86400}" in cookie
    assert "Secure" not in cookie  # http://localhost
    account = await browser.open("/account")
    assert account.status_code == 200
    assert 'value="Ada"' in account.text


@pytest.mark.parametrize(
    ("headed", "leads_to"),
    [("/courses/trees?from=home", "/login?next=%2Fcourses%2Ftrees%3Ffrom%3Dhome"), ("//elsewhere.example", "/login")],
    ids=["a page of this site", "an address elsewhere"],
)
async def test_where_somebody_was_headed_outlives_the_registration(
    browser: Browser, world: World, headed: str, leads_to: str
) -> None:
    email = new_email()
    person = {"first_name": "Ada", "last_name": "King", "email": email, "password": PASSWORD}
    form = f"/register?next={quote(headed, safe='')}"
    refused = await browser.send("/register", form, next=headed, **person | {"password": "short"})
    assert (f'name="next" value="{headed}"' in refused.text) is (leads_to != "/login")
    _leads_to(await browser.send("/register", form, next=headed, **person), "/register/sent")
    await world.deliver()
    token = re.findall(r"verify-email\?token=([\w-]+)", (await browser.open("/mailbox")).text)[0]
    confirmed = await browser.send("/verify-email", f"/verify-email?token={token}", token=token)
    _leads_to(confirmed, leads_to)


async def test_a_taken_address_leads_to_the_same_page(browser: Browser, world: World) -> None:
    email = await world.account()
    answer = await browser.send("/register", first_name="Eve", last_name="", email=email, password=PASSWORD)
    _leads_to(answer, "/register/sent")
    await world.deliver()
    assert world.letters(email)[0].subject == "You already have an account"


async def test_a_refused_form_keeps_everything_but_the_password(browser: Browser) -> None:
    answer = await browser.send(
        "/register", first_name="<b>Ada</b>", last_name='"King"', email="no address", password="short one"
    )
    assert answer.status_code == 422
    assert "&lt;b&gt;Ada&lt;/b&gt;" in answer.text
    assert "<b>Ada" not in answer.text
    assert "&#34;King&#34;" in answer.text
    assert 'value="no address"' in answer.text
    assert "short one" not in answer.text
    text = _messages(answer)
    assert text.count("We cannot write to this address") == 2  # beside the field and in the summary
    assert text.count("Use at least 10 characters.") == 2
    assert "E-mail: We cannot write" in text
    assert 'href="#field-email"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "value_error" not in text


async def test_missing_fields_and_nul_are_refused_in_words(browser: Browser) -> None:
    empty = await browser.send("/register")
    assert empty.status_code == 422
    assert _messages(empty).count("Please fill this in.") == 6
    nul = await browser.send("/register", first_name="A\x00", email=new_email(), password=PASSWORD)
    assert nul.status_code == 422
    assert "NUL characters are not accepted" in nul.text


@pytest.mark.parametrize(
    ("target", "path"),
    [("/languages/python?x=1", "/languages/python?x=1"), ("", "/dashboard"), ("https://evil.example/", "/dashboard"),
     ("//evil.example", "/dashboard"), ("/\\evil.example", "/dashboard"), ("javascript:alert(1)", "/dashboard"),
     ("/a\nb", "/dashboard")],
)  # fmt: skip
async def test_login_goes_on_within_the_site_only(browser: Browser, world: World, target: str, path: str) -> None:
    email = await world.account()
    _leads_to(await browser.log_in(email, next=target), path)
    again = await browser.client.get("/login", params={"next": target})
    _leads_to(again, path)


async def test_login_says_what_is_wrong(browser: Browser, world: World) -> None:
    email, unconfirmed = await world.account(), new_email()
    wrong = await browser.log_in(email, "not the password")
    assert wrong.status_code == 401
    assert "E-mail address or password is wrong" in wrong.text
    assert f'value="{email}"' in wrong.text
    assert "not the password" not in wrong.text
    assert SESSION_COOKIE not in browser.client.cookies
    await world.register(browser.client, unconfirmed)
    await world.waiting()
    answer = await browser.log_in(unconfirmed)
    assert answer.status_code == 403
    assert 'href="/resend-verification"' in answer.text
    for _ in range(4):
        await browser.log_in(email, "not the password")
    locked = await browser.log_in(email)
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) > 0
    assert "Try again in 15 min" in locked.text


async def test_a_second_login_ends_the_browsers_former_session(browser: Browser, world: World) -> None:
    first, second = await world.account(), await world.account()
    await browser.log_in(first)
    former = browser.client.cookies[SESSION_COOKIE]
    token = csrf_token(await browser.open("/account"))
    answer = await browser.client.post("/login", data={"csrf_token": token, "email": second, "password": PASSWORD})
    assert answer.status_code == 303
    async with visitor(world.application) as other:
        problem(await other.get(f"{API}/me", headers={"Authorization": f"Bearer {former}"}), 401, "unauthenticated")


async def test_logging_out(browser: Browser, world: World) -> None:
    await browser.log_in(await world.account())
    token = browser.client.cookies[SESSION_COOKIE]
    _leads_to(await browser.send("/logout", page="/account"), "/")
    assert SESSION_COOKIE not in browser.client.cookies
    async with visitor(world.application) as other:
        problem(await other.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"}), 401, "unauthenticated")


async def test_a_form_needs_the_token_of_its_own_visitor(browser: Browser, world: World) -> None:
    email = await world.account()
    fields = {"email": email, "password": PASSWORD}
    assert (await browser.client.post("/login", data=fields)).status_code == 403
    page = await browser.open("/login")
    assert (await browser.client.post("/login", data=fields)).status_code == 403
    async with visitor(world.application) as stranger:
        foreign = csrf_token(await stranger.get("/login"))
        stolen = await browser.client.post("/login", data=fields | {"csrf_token": foreign})
        assert stolen.status_code == 403
    good = fields | {"csrf_token": csrf_token(page)}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert (await browser.client.post("/login", data=good, headers=headers)).status_code == 403
    assert SESSION_COOKIE not in browser.client.cookies
    _leads_to(await browser.client.post("/login", data=good, headers={"Origin": "http://localhost:8000"}), "/dashboard")


async def test_the_api_refuses_a_cookie_without_a_token(browser: Browser, world: World) -> None:
    await browser.log_in(await world.account())
    assert (await browser.client.get(f"{API}/me")).status_code == 200
    refused = await browser.client.patch(f"{API}/me", json={"first_name": "Eve"})
    problem(refused, 403, "csrf-failed")
    problem(await browser.client.post(f"{API}/auth/logout"), 403, "csrf-failed")
    token = csrf_token(await browser.open("/account"))
    foreign = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    problem(await browser.client.patch(f"{API}/me", json={"first_name": "Eve"}, headers=foreign), 403, "csrf-failed")
    changed = await browser.client.patch(f"{API}/me", json={"first_name": "Zoë"}, headers={"X-CSRF-Token": token})
    assert changed.json()["first_name"] == "Zoë"
    assert CSRF_COOKIE in browser.client.cookies


@pytest.mark.parametrize("path", ["/account", "/account/profile", "/account/password", "/account/sessions"])
async def test_pages_of_an_account_lead_strangers_to_the_login(browser: Browser, path: str) -> None:
    _leads_to(await browser.open(path), f"/login?next={path.replace('/', '%2F')}")
    form = f"{path}/end-others" if path.endswith("sessions") else path
    _leads_to(await browser.send(form, page="/login"), "/login?next=%2Faccount")


async def test_a_forgotten_password(browser: Browser, world: World) -> None:
    email = await world.account()
    await browser.log_in(email)
    for address in (email, new_email()):
        _leads_to(await browser.send("/forgot-password", email=address), "/forgot-password/sent")
    assert "Check your mail" in (await browser.open("/forgot-password/sent")).text
    await world.deliver()
    path = f"/reset-password?token={world.token(email)}"
    page = await browser.open(path)
    assert page.status_code == 200
    refused = await browser.send("/reset-password", page=path, token=world.token(email), password="password123")
    assert refused.status_code == 422
    assert "Many people use this password" in refused.text
    assert world.token(email) in refused.text, "the form still works"
    done = await browser.send("/reset-password", page=path, token=world.token(email), password=NEW)
    _leads_to(done, "/login")
    assert "Your new password is set" in (await browser.open("/login")).text
    assert (await browser.open(path)).status_code == 410
    _leads_to(await browser.log_in(email, NEW), "/dashboard")


@pytest.mark.parametrize("path", ["/verify-email", "/reset-password"])
@pytest.mark.parametrize("query", ["", "?token=", "?token=nonsense", "?token=" + "x" * 5000, "?token=%FF", "?other=1"])
async def test_a_dead_link_says_so(browser: Browser, path: str, query: str) -> None:
    answer = await browser.open(path + query)
    assert answer.status_code == 400
    assert "is not valid" in answer.text
    sent = await browser.send(path, page="/login", token="nonsense", password=NEW)
    assert sent.status_code == 400


async def test_another_confirmation_mail(browser: Browser, world: World) -> None:
    email = new_email()
    await world.register(browser.client, email)
    for address in (email, new_email()):
        _leads_to(await browser.send("/resend-verification", email=address), "/resend-verification/sent")
    assert (await browser.open("/resend-verification/sent")).status_code == 200
    refused = await browser.send("/resend-verification", email="nonsense")
    assert refused.status_code == 422
    await world.deliver()
    assert len(world.letters(email)) == 2


async def test_the_account_and_profile_are_saved(browser: Browser, world: World) -> None:
    await browser.log_in(await world.account())
    fields = {"first_name": "Zoë", "last_name": "", "date_of_birth": "", "locale": "en", "timezone": "America/New_York"}
    _leads_to(await browser.send("/account", **fields), "/account")
    page = await browser.open("/account")
    assert 'value="Zoë"' in page.text
    assert '<option value="America/New_York" selected>' in page.text
    assert "Your account is saved" in page.text
    refused = await browser.send("/account", **(fields | {"first_name": "", "date_of_birth": "31.12.1990"}))
    assert refused.status_code == 422
    assert "Use a date such as 1990-12-31." in refused.text

    profile = {"bio": "Tea.\n<script>", "website": "", "github_url": "https://github.com/zoe", "location": "",
               "linkedin_url": "", "twitter_url": ""}  # fmt: skip
    _leads_to(await browser.send("/account/profile", **profile), "/account/profile")
    page = await browser.open("/account/profile")
    assert "&lt;script&gt;" in page.text
    assert "https://github.com/zoe" in page.text
    refused = await browser.send("/account/profile", **(profile | {"website": "javascript:alert(1)"}))
    assert refused.status_code == 422
    assert "starts with https://" in refused.text
    assert "https://github.com/zoe" in refused.text


async def test_the_password_page(browser: Browser, world: World) -> None:
    email = await world.account()
    await browser.log_in(email)
    wrong = await browser.send("/account/password", current_password="not this one", new_password=NEW)
    assert wrong.status_code == 422
    assert "This is not your current password." in wrong.text
    assert NEW not in wrong.text
    done = await browser.send("/account/password", current_password=PASSWORD, new_password=NEW)
    _leads_to(done, "/account/password")
    assert "Your password is changed" in (await browser.open("/account/password")).text


async def test_sessions_are_shown_in_words_and_ended(browser: Browser, world: World) -> None:
    email = await world.account()
    await browser.log_in(email)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    async with visitor(world.application, headers={"User-Agent": firefox}) as other:
        await world.log_in(other, email)
        third = await world.log_in(other, email)
        page = await browser.open("/account/sessions")
        assert page.text.count("Firefox on Linux") >= 2
        assert "This one" in page.text
        paths = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page.text)
        assert len(paths) == 3
        assert (
            "The session has ended"
            in (await browser.open((await browser.send(paths[0], page="/account/sessions")).headers["location"])).text
        )
        headers = {"Authorization": f"Bearer {third}"}
        problem(await other.get(f"{API}/me", headers=headers), 401, "unauthenticated")
        assert (await browser.send(paths[0], page="/account/sessions")).status_code == 404
        assert (await browser.send("/account/sessions/nonsense/end", page="/account/sessions")).status_code == 404
        _leads_to(await browser.send("/account/sessions/end-others", page="/account/sessions"), "/account/sessions")
    page = await browser.open("/account/sessions")
    (own,) = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page.text)
    _leads_to(await browser.send(own, page="/account/sessions"), "/")
    assert SESSION_COOKIE not in browser.client.cookies


@pytest.mark.parametrize(
    ("fields", "referer", "path"),
    [
        ({"theme": "dark", "next": "/languages"}, None, "/languages"),
        ({"theme": "dark"}, "http://localhost:8000/login?next=%2F", "/login?next=%2F"),
        ({"theme": "light"}, "https://evil.example/login", "/"),
        ({"theme": "light", "next": "//evil.example"}, None, "/"),
        ({"theme": "light"}, "nonsense://[", "/"),
    ],
)
async def test_the_theme_is_kept_and_leads_back(
    browser: Browser, fields: dict[str, str], referer: str | None, path: str
) -> None:
    token = csrf_token(await browser.open("/login"))
    headers = {"Referer": referer} if referer else {}
    answer = await browser.client.post("/preferences/theme", data=fields | {"csrf_token": token}, headers=headers)
    _leads_to(answer, path)
    assert f'data-theme="{fields["theme"]}"' in (await browser.open("/login")).text
    await browser.client.post("/preferences/theme", data={"theme": "system", "csrf_token": token})
    assert "data-theme=" not in (await browser.open("/login")).text.partition("<body")[0]
    bad = await browser.client.post("/preferences/theme", data={"theme": "pink", "csrf_token": token})
    assert bad.status_code == 422


async def test_there_is_no_mailbox_where_mail_leaves(settings: Settings, tmp_path: Path) -> None:
    real = Settings(
        data_dir=tmp_path, database_url=settings.database_url, secret_key="k" * 40, smtp_url="smtp://127.0.0.1:1"
    )
    made = Application(real, real.database_url)
    async with made.lifespan(made.app), visitor(made) as client:
        assert (await client.get("/mailbox")).status_code == 404
        assert 'href="/mailbox"' not in (await client.get("/register/sent")).text


async def test_the_mailbox_escapes_what_it_shows(browser: Browser, world: World) -> None:
    text = 'See <script>alert(1)</script> https://x.example/?a=1&b="2"\n\nSecond'
    await mailbox_for(world.settings).send(Mail(to="a@codezest.example", subject="<i>Hi</i>", text=text))
    page = await browser.open("/mailbox")
    assert "<script>alert" not in page.text
    assert "<i>Hi" not in page.text
    assert 'href="https://x.example/?a=1&amp;b=&#34;2&#34;"' in page.text


async def test_pages_are_never_cached_and_hold_no_inline_code(browser: Browser) -> None:
    for path in ("/login", "/register", "/forgot-password", "/verify-email", "/reset-password", "/mailbox"):
        page = await browser.open(path)
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", page.text)
