"""What surrounds every page: search, what crawlers and installed apps ask for, language and time zone, errors that help."""

import json
import re
from datetime import datetime
from html import unescape
from io import BytesIO
from xml.etree import ElementTree as ET

import asyncpg
import httpx
import pytest
from PIL import Image

from codezest.gateway.app import Application
from codezest.gateway.cards import SIZE, draw
from codezest.kit import i18n
from codezest.services.learning.pages.sitemap import handler as sitemap
from codezest_db.enums import Role
from fixtures.accounts import MakeUser, client_for

from .browser import Browser, text_of
from .conftest import Course, Learner, Open

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def meta(page: httpx.Response, name: str) -> str:
    """The content of a meta tag, by its name or property; empty where there is none."""
    found = re.search(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)"', page.text)
    return unescape(found.group(1)) if found else ""


async def test_search_takes_one_statement(learner: Learner, statements: list[str]) -> None:
    page = await learner.browser.read("/search?q=module")
    assert "First module" in text_of(page)
    assert len(statements) == 1


async def test_search_marks_what_was_found_and_escapes_it(nobody: Browser, course: Course) -> None:
    page = await nobody.read("/search?q=exercise%3Cscript%3E")
    assert "<script>alert" not in page.text
    found = await nobody.read("/search?q=exerc")
    assert "<mark>exercise</mark>" in found.text
    assert meta(found, "robots") == "noindex"
    assert meta(await nobody.read("/search"), "robots") == ""


async def test_nothing_found_leads_on(nobody: Browser) -> None:
    page = await nobody.read("/search?q=qqqqqq")
    assert "Nothing was found" in text_of(page)
    assert 'href="/languages"' in page.text


async def test_the_palette_speaks_to_whom_it_belongs(nobody: Browser, learner: Learner) -> None:
    assert "data-log-out" not in (await nobody.read("/search/palette")).text
    mine = (await learner.browser.read("/search/palette")).text
    assert "data-log-out" in mine
    assert 'href="/continue"' in mine


async def test_continue_leads_to_the_next_step(learner: Learner) -> None:
    assert (await learner.browser.open("/continue")).headers["location"] == "/dashboard"
    await learner.browser.read(f"/materials/{learner.course.article}")
    answer = await learner.browser.open("/continue")
    assert answer.headers["location"] == f"/modules/{learner.course.module}/continue"
    assert (await learner.browser.open(answer.headers["location"])).headers[
        "location"
    ] == f"/materials/{learner.course.article}"


async def test_continue_asks_strangers_to_log_in(nobody: Browser) -> None:
    assert (await nobody.open("/continue")).headers["location"].startswith("/login")


async def test_the_manifest_names_icons_that_are_there(nobody: Browser) -> None:
    answer = await nobody.open("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    body = answer.json()
    assert body["start_url"] == body["scope"] == body["id"] == "/"
    assert body["display"] == "standalone"
    assert {icon["purpose"] for icon in body["icons"]} == {"any", "maskable"}
    for icon in body["icons"]:
        file = await nobody.open(icon["src"])
        assert file.status_code == 200
        if icon["type"] == "image/png":
            width, height = Image.open(BytesIO(file.content)).size
            assert f"{width}x{height}" == icon["sizes"]
    assert 'rel="manifest"' in (await nobody.read("/languages")).text


async def test_the_service_worker_changes_with_the_build_alone(nobody: Browser) -> None:
    answer = await nobody.open("/service-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/"
    kept = json.loads(answer.text.split(";", 1)[0].removeprefix("self.assets="))
    assert any(re.search(r"/app-\w+\.css$", address) for address in kept)
    for address in kept:
        assert (await nobody.open(address)).status_code == 200
    assert (await nobody.open("/service-worker.js")).headers["etag"] == answer.headers["etag"]


async def test_a_page_says_whose_it_is_without_saying_who(learner: Learner, visit: Open, make_user: MakeUser) -> None:
    mine = (await learner.browser.read("/languages")).headers["codezest-account"]
    other = (await visit(await make_user(Role.STUDENT)).read("/languages")).headers["codezest-account"]
    nobodys = (await visit(None).read("/languages")).headers["codezest-account"]
    assert len({mine, other, nobodys}) == 3
    assert nobodys == ""
    assert str(learner.user.id) not in mine


async def test_crawlers_are_told_what_there_is(nobody: Browser, course: Course, application: Application) -> None:
    base = application.settings.public_url
    robots = await nobody.open("/robots.txt")
    assert f"Sitemap: {base}/sitemap.xml" in robots.text
    root = ET.fromstring((await nobody.open("/sitemap.xml")).text)  # noqa: S314 - our own
    found = {
        str(entry.findtext("s:loc", "", NAMESPACE)).removeprefix(base): entry.findtext("s:lastmod", None, NAMESPACE)
        for entry in root.findall("s:url", NAMESPACE)
    }
    assert {"/", "/languages", f"/languages/{course.path.slug}", f"/modules/{course.module}"} <= found.keys()
    assert datetime.fromisoformat(str(found[f"/modules/{course.module}"])).tzinfo is not None
    disallowed = re.findall(r"^Disallow: (\S+)$", robots.text, re.MULTILINE)
    assert not [path for path in found if path.startswith(tuple(disallowed))]


async def test_a_large_sitemap_is_split(nobody: Browser, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", len(sitemap.FIXED) + 1)
    root = ET.fromstring((await nobody.open("/sitemap.xml")).text)  # noqa: S314 - our own
    files = [str(entry.text) for entry in root.findall("s:sitemap/s:loc", NAMESPACE)]
    assert len(files) >= 2
    seen: list[str] = []
    for number in range(1, len(files) + 1):
        part = ET.fromstring((await nobody.open(f"/sitemap-{number}.xml")).text)  # noqa: S314 - our own
        seen += [str(entry.text) for entry in part.findall("s:url/s:loc", NAMESPACE)]
    assert len(seen) == len(set(seen))
    assert any(address.endswith(f"/modules/{course.locked_module}") for address in seen)
    for number in ("0", str(len(files) + 1), "x"):
        assert (await nobody.open(f"/sitemap-{number}.xml")).status_code == 404


async def test_a_shared_link_has_a_picture(nobody: Browser, course: Course, application: Application) -> None:
    page = await nobody.read(f"/languages/{course.path.slug}")
    base = application.settings.public_url
    assert f'<link rel="canonical" href="{base}/languages/{course.path.slug}">' in page.text
    assert meta(page, "og:title") == f"Learn {course.path.slug}"
    assert meta(page, "twitter:card") == "summary_large_image"
    address = meta(page, "og:image").removeprefix(base)
    picture = await nobody.open(address)
    assert picture.headers["content-type"] == "image/png"
    assert "immutable" in picture.headers["cache-control"]
    assert Image.open(BytesIO(picture.content)).size == SIZE
    signature, text = address.removeprefix("/cards/").split("/")
    for forged in (f"/cards/{'0' * 64}/{text}", f"/cards/{signature}/x{text}", f"/cards/{signature}/%ff.png"):
        assert (await nobody.open(forged)).status_code == 404


async def test_pages_of_a_person_have_nothing_to_share(learner: Learner) -> None:
    page = await learner.browser.read("/dashboard")
    assert "og:title" not in page.text
    assert "canonical" not in page.text


@pytest.mark.parametrize(
    "title", ["", "Python", "A " * 200, "Donaudampfschifffahrtsgesellschaft" * 10, "हिन्दी में", "🦓"]
)
def test_any_title_fits_on_a_picture(title: str) -> None:
    assert Image.open(BytesIO(draw(title, title))).size == SIZE


async def test_the_trail_is_data_as_well(nobody: Browser, course: Course, application: Application) -> None:
    page = await nobody.read(f"/languages/{course.path.slug}")
    (data,) = [
        json.loads(text)
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
        if "BreadcrumbList" in text
    ]
    first, last = data["itemListElement"]
    assert first["item"] == f"{application.settings.public_url}/languages"
    assert (last["position"], "item" in last) == (2, False)


async def test_the_language_is_a_choice(
    application: Application, learner: Learner, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codezest.gateway.preferences.available_locales", lambda: ("en", "es"))
    page = await learner.browser.read("/languages")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf_token": token.group(1), "language": "es", "next": "/languages"}
    answer = await learner.browser.client.post("/preferences/language", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/languages")
    assert "codezest_locale=es" in answer.headers["set-cookie"]
    assert await owner.fetchval("SELECT locale FROM auth.users WHERE id = $1", learner.user.id) == "es"
    unknown = await learner.browser.client.post("/preferences/language", data=form | {"language": "xx"})
    assert unknown.status_code == 422
    async with client_for(application) as stranger:
        assert (await stranger.post("/preferences/language", data=form)).status_code == 403


async def test_a_guests_language_is_kept_in_a_cookie(nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "available_locales", lambda: ("en", "ar"))
    page = await nobody.open("/languages", headers={"Cookie": "codezest_locale=ar"})
    assert '<html lang="ar" dir="rtl"' in page.text
    assert (
        '<html lang="en" dir="ltr"' in (await nobody.open("/languages", headers={"Cookie": "codezest_locale=xx"})).text
    )


async def test_the_browsers_time_zone_stands_in_for_none(learner: Learner, owner: asyncpg.Connection) -> None:
    learner.browser.client.cookies.set("codezest_timezone", "Asia/Kolkata")
    page = await learner.browser.read("/languages")
    assert "Times are shown in Asia/Kolkata." in text_of(page)
    answer = await learner.browser.send(page, "/preferences/timezone")
    assert answer.status_code == 303
    assert await owner.fetchval("SELECT timezone FROM auth.users WHERE id = $1", learner.user.id) == "Asia/Kolkata"
    learner.browser.client.cookies.set("codezest_timezone", "Europe/Paris")
    assert "Times are shown in" not in text_of(await learner.browser.read("/languages"))


@pytest.mark.parametrize("zone", ["", "UTC", "../../etc/passwd", "Europe/Atlantis", "/etc/localtime", "x" * 300])
async def test_no_time_zone_is_made_up(learner: Learner, zone: str) -> None:
    page = await learner.browser.open(
        "/languages", headers={"Cookie": f"codezest_timezone={zone}; {_session(learner)}"}
    )
    assert page.status_code == 200
    assert "Times are shown in" not in page.text


def _session(learner: Learner) -> str:
    return f"codezest_session={learner.user.token}"


async def test_an_error_leads_on(nobody: Browser) -> None:
    page = await nobody.open("/nowhere")
    assert page.status_code == 404
    assert 'action="/search"' in page.text
    assert 'href="/status"' in page.text
    assert meta(page, "robots") == "noindex"
    assert "og:title" not in page.text


async def test_the_offline_page_is_the_same_for_everybody(learner: Learner, nobody: Browser) -> None:
    page = await nobody.read("/offline")
    assert "You are offline" in text_of(page)
    assert learner.user.email not in (await nobody.read("/offline")).text


async def test_every_page_leads_to_the_four_things(nobody: Browser, learner: Learner) -> None:
    for browser, paths in (
        (nobody, ("/languages", "/courses", "/search", "/login")),
        (learner.browser, ("/languages", "/dashboard", "/search", "/account")),
    ):
        page = await browser.read("/languages")
        bar = page.text.split('class="bottombar"')[1].split("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', bar) == list(paths)
        assert bar.count("aria-current") == 1
