"""Pictures of the running product.

`python tools/screenshots.py docs/images` writes the ones that README and documentation show, light and dark; with
`--all FOLDER`, every page in both themes at three widths, to look at. Names of pages after the folder limit both. The
learner and what they have done are the same each time. Needs Chromium; run with PYTHONPATH=tests.
"""

import asyncio
import sys
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page

from e2e.chromium import launched
from fixtures.journey import CALCULATOR, register_and_sign_in, verdict_of
from fixtures.product import Product, running_product

WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
API = "/api/v1"
SHOWN = ("home", "language", "lesson", "exercise", "quiz", "dashboard")
"""What README and documentation show."""


async def _prepare(product: Product) -> tuple[str, dict[str, str]]:
    """A learner half-way through the first module: the session's token, and the paths worth a picture by name."""
    async with httpx.AsyncClient(base_url=product.url, timeout=60) as client:
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
        paths = {
            "home": "/", "register": "/register", "login": "/login", "forgot": "/forgot-password",
            "languages": "/languages", "language": "/languages/python", "module": f"/modules/{module}",
            "exercise": f"/assignments/{assignment}", "submission": f"/submissions/{sent['id']}",
            "lesson": next(f"/materials/{item['id']}" for item in detail["materials"] if item["material_type"] == "ARTICLE"),
            "overview": f"/quizzes/{quiz}", "quiz": f"/attempts/{open_attempt}", "result": f"/attempts/{attempt}/result",
            "dashboard": "/dashboard", "account": "/account", "profile": "/account/profile", "sessions": "/account/sessions",
            "courses": "/courses", "search": "/search?q=loop", "mailbox": "/mailbox", "api": "/api/v1/docs", "missing": "/nowhere",
        } | {f"material-{number}": f"/materials/{item['id']}" for number, item in enumerate(detail["materials"], 1)}  # fmt: skip
        return client.headers["Authorization"].removeprefix("Bearer "), paths


ANONYMOUS = {"home", "register", "login", "forgot"}


async def _page(browser: Browser, product: Product, token: str, *, width: int, theme: str, anonymous: bool) -> Page:
    context = await browser.new_context(
        base_url=product.url,
        viewport={"width": width, "height": 800 if width < 1000 else 900},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=1,
        reduced_motion="reduce",
    )
    if not anonymous:
        await context.add_cookies([{"name": "codezest_session", "value": token, "url": product.url}])
    page = await context.new_page()
    page.on(
        "console",
        lambda message: print(f"{message.type}: {page.url}: {message.text}") if message.type == "error" else None,
    )
    return page


async def _shoot(page: Page, path: str, to: Path, *, whole: bool) -> None:
    await page.goto(path)
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=to, full_page=whole)


async def main(folder: Path, *, every: bool, only: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with running_product() as product:
        token, paths = await _prepare(product)
        wanted = only or (list(paths) if every else list(SHOWN))
        async with launched() as browser:
            for name in wanted:
                for theme in THEMES:
                    for width in WIDTHS if every else (1440,):
                        page = await _page(
                            browser, product, token, width=width, theme=theme, anonymous=name in ANONYMOUS
                        )
                        suffix = "" if (not every and theme == "light") else f"-{theme}"
                        target = folder / (f"{name}{suffix}-{width}.png" if every else f"{name}{suffix}.png")
                        await _shoot(page, paths[name], target, whole=every)
                        await page.context.close()


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    asyncio.run(main(Path(arguments[0]), every="--all" in sys.argv, only=arguments[1:]))
