"""Pictures of the running product.

`python tools/screenshots.py docs/images` writes the ones that README and documentation show, light and dark; with
`--all FOLDER`, every page in both themes at three widths, to look at. Names of pages after the folder limit both. What the
pictures show is the sample content and the demo accounts, the same each time. Needs Chromium; run with PYTHONPATH=tests.
"""

import asyncio
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.async_api import Browser, Page

from codezest.services.auth.actions.ensure_demo_users import DEMO_PASSWORD
from e2e.chromium import launched
from fixtures.journey import CALCULATOR, register_and_sign_in, verdict_of
from fixtures.product import Product, running_product

WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
API = "/api/v1"
SHOWN = ("dashboard", "exercise", "lesson", "quiz", "studio", "grading", "gradebook", "insights")
"""What README and documentation show."""
LARGEST_BYTES = 120_000
LEARNER, CAREFUL, TEACHER = "learner", "lena", "instructor"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page and who looks at it; `reader` None is nobody."""

    path: str
    reader: str | None = None


async def _learner(client: httpx.AsyncClient) -> dict[str, Picture]:
    """A learner half-way through the first module of Python."""
    await register_and_sign_in(client)
    await client.post(f"{API}/languages/python/enroll")
    module = (await client.get(f"{API}/languages/python/modules")).json()["items"][0]["id"]
    detail = (await client.get(f"{API}/modules/{module}")).json()
    for material in detail["materials"][:3]:
        await client.post(f"{API}/materials/{material['id']}/view")
        await client.post(f"{API}/materials/{material['id']}/complete")
    assignment = detail["assignments"][0]["id"]
    code = min((CALCULATOR / "wrong").glob("*.py")).read_text()
    sent = (await client.post(f"{API}/assignments/{assignment}/submissions", json={"code": code})).json()
    await verdict_of(client, sent["id"])
    quiz = detail["quizzes"][0]["id"]
    attempt = (await client.post(f"{API}/quizzes/{quiz}/attempts")).json()["id"]
    await client.post(f"{API}/attempts/{attempt}/submit", json={"answers": []})
    open_attempt = (await client.post(f"{API}/quizzes/{quiz}/attempts")).json()["id"]
    lesson = next(item["id"] for item in detail["materials"] if item["material_type"] == "ARTICLE")
    paths = {
        "language": "/languages/python", "module": f"/modules/{module}", "exercise": f"/assignments/{assignment}",
        "submission": f"/submissions/{sent['id']}", "lesson": f"/materials/{lesson}", "overview": f"/quizzes/{quiz}",
        "quiz": f"/attempts/{open_attempt}", "result": f"/attempts/{attempt}/result", "account": "/account",
        "profile": "/account/profile", "sessions": "/account/sessions", "courses": "/courses", "search": "/search?q=loop",
        "mailbox": "/mailbox", "api": f"{API}/docs", "missing": "/nowhere",
    } | {f"material-{number}": f"/materials/{item['id']}" for number, item in enumerate(detail["materials"], 1)}  # fmt: skip
    return {name: Picture(path, LEARNER) for name, path in paths.items()}


async def _teacher(client: httpx.AsyncClient) -> dict[str, Picture]:
    """The instructor of the sample course, with work that waits to be graded."""
    taught = (await client.get(f"{API}/teach/courses")).json()["items"]
    course = next(one["id"] for one in taught if one["slug"] == "data-detective")
    waiting = (await client.get(f"{API}/courses/{course}/grading")).json()["items"]
    base = f"/teach/courses/{course}"
    paths = {
        "teach": "/teach", "studio": base, "learners": f"{base}/learners", "queue": f"{base}/grading",
        "grading": f"/teach/submissions/{waiting[0]['submission_id']}", "gradebook": f"{base}/gradebook",
        "insights": f"{base}/insights", "bank": f"{base}/bank", "staff": f"{base}/staff",
    }  # fmt: skip
    await client.put(f"{API}/submissions/{waiting[0]['submission_id']}/claim")
    return {name: Picture(path, TEACHER) for name, path in paths.items()}


async def _prepare(product: Product) -> tuple[Mapping[str, str], dict[str, Picture]]:
    """The readers' session tokens, and the pages worth a picture by name."""
    pictures = {name: Picture(path) for name, path in ANONYMOUS.items()}
    tokens: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=product.url, timeout=60) as client:
        pictures |= await _learner(client)
        tokens[LEARNER] = _token(client)
    for reader in (CAREFUL, TEACHER):
        async with httpx.AsyncClient(base_url=product.url, timeout=60) as client:
            account = {"email": f"{reader}@codezest.example", "password": DEMO_PASSWORD}
            signed_in: dict[str, Any] = (await client.post(f"{API}/auth/login", json=account)).raise_for_status().json()
            client.headers["Authorization"] = f"Bearer {signed_in['token']}"
            tokens[reader] = _token(client)
            if reader == TEACHER:
                pictures |= await _teacher(client)
    return tokens, pictures | {"dashboard": Picture("/dashboard", CAREFUL)}


def _token(client: httpx.AsyncClient) -> str:
    return client.headers["Authorization"].removeprefix("Bearer ")


ANONYMOUS = {
    "home": "/",
    "register": "/register",
    "login": "/login",
    "forgot": "/forgot-password",
    "languages": "/languages",
}


async def _page(browser: Browser, product: Product, token: str | None, *, width: int, theme: str) -> Page:
    context = await browser.new_context(
        base_url=product.url,
        viewport={"width": width, "height": 800 if width < 1000 else 900},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=1,
        reduced_motion="reduce",
    )
    if token:
        await context.add_cookies([{"name": "codezest_session", "value": token, "url": product.url}])
    page = await context.new_page()
    page.on(
        "console",
        lambda message: print(f"{message.type}: {page.url}: {message.text}") if message.type == "error" else None,
    )
    return page


async def _shoot(page: Page, path: str, to: Path, *, whole: bool) -> None:
    """A picture of few colours, which is what an interface has: a third of the size, and nobody sees the difference."""
    await page.goto(path)
    await page.wait_for_load_state("networkidle")
    taken = await page.screenshot(full_page=whole)
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(to, optimize=True)
    if not whole and to.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{to} has {to.stat().st_size} bytes, and {LARGEST_BYTES} are allowed")


async def main(folder: Path, *, every: bool, only: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with running_product() as product:
        tokens, pictures = await _prepare(product)
        wanted = only or (list(pictures) if every else list(SHOWN))
        async with launched() as browser:
            for name in wanted:
                picture = pictures[name]
                token = tokens[picture.reader] if picture.reader else None
                for theme in THEMES:
                    for width in WIDTHS if every else (1440,):
                        page = await _page(browser, product, token, width=width, theme=theme)
                        suffix = "" if (not every and theme == "light") else f"-{theme}"
                        target = folder / (f"{name}{suffix}-{width}.png" if every else f"{name}{suffix}.png")
                        await _shoot(page, picture.path, target, whole=every)
                        await page.context.close()


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    asyncio.run(main(Path(arguments[0]), every="--all" in sys.argv, only=arguments[1:]))
