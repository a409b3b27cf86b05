"""What makes the site an app that can be installed and opened without a connection, and what crawlers ask for first."""

import hashlib
import json
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _
from codezest.kit.templates import STATIC, Assets

router = APIRouter(include_in_schema=False)

HOUR = {"Cache-Control": "public, max-age=3600"}
BACKGROUND = "#fdfaf5"
"""As `--bg` of the light theme: what is shown while the app starts."""

UNINDEXED = (
    "/account", "/api/", "/attempts/", "/assignments/", "/cards/", "/continue", "/dashboard", "/mailbox", "/materials/",
    "/quizzes/", "/search?", "/search/", "/submissions/",
)  # fmt: skip
"""What belongs to somebody, or is endless."""


@router.get("/manifest.webmanifest")
async def manifest(context: Context) -> Response:
    """The web app manifest, in the reader's language."""
    url = context.resources.templates.assets.url
    icons: list[dict[str, str]] = [
        {"src": url("favicon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
        {"src": url("icon-192.png"), "type": "image/png", "sizes": "192x192", "purpose": "any"},
        {"src": url("icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any"},
        {"src": url("icon-maskable-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
    ]
    reader = READER.get()
    body: dict[str, Any] = {
        "id": "/",
        "name": "CodeZest",
        "short_name": "CodeZest",
        "description": _(
            "Learn to code by writing code: lessons, exercises graded in a second, quizzes and your progress."
        ),
        "lang": reader.locale.replace("_", "-"),
        "dir": reader.direction,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "categories": ["education"],
        "icons": icons,
        "shortcuts": [
            {"name": _("Continue where you left"), "url": "/continue"},
            {"name": _("Search"), "url": "/search"},
        ],
    }
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(json.dumps(body), media_type="application/manifest+json", headers=headers)


@router.get("/service-worker.js")
async def service_worker(context: Context) -> Response:
    """The service worker under an address that never changes; what is in it changes with every build.

    Its first line names the assets of this build, so that a browser sees a new worker exactly when one of them is new.
    """
    source = _worker_source(context.resources.templates.assets)
    tag = f'"{hashlib.sha256(source.encode()).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag, "Service-Worker-Allowed": "/"}
    return Response(source, media_type="text/javascript", headers=headers)


@router.get("/offline")
async def offline(context: Context) -> HTMLResponse:
    """What is shown where there is neither a connection nor a copy of the page. The same for everybody."""
    return context.page("offline.html")


@router.get("/robots.txt")
async def robots(context: Context) -> Response:
    """Everything that everybody may see may be indexed."""
    rules = "".join(f"Disallow: {path}\n" for path in UNINDEXED)
    text = f"User-agent: *\n{rules}\nSitemap: {context.settings.public_url}/sitemap.xml\n"
    return Response(text, media_type="text/plain; charset=utf-8", headers=HOUR)


def _worker_source(assets: Assets) -> str:
    kept = [*(assets.url(name) for name in ("app.css", "app.js", "favicon.svg")), *assets.preloads()]
    script = (STATIC / assets.url("service-worker.js").removeprefix("/static/")).read_text(encoding="utf-8")
    return f"self.assets={json.dumps(kept)};\n{script}"
