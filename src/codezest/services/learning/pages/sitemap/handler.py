"""The sitemap: every page that everybody may see, in files of as many addresses as the protocol allows."""

from datetime import UTC
from xml.sax.saxutils import escape

from fastapi import Response

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.sitemap import PublicPage, count_public_pages, public_pages

router = page_router()

MOST_ADDRESSES = 50_000
FIXED = tuple(PublicPage(path, None) for path in ("/", "/languages", "/courses", "/login", "/register"))
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
CACHE = {"Cache-Control": "public, max-age=3600"}


@router.get("/sitemap.xml")
async def sitemap(context: Context) -> Response:
    """All addresses; once they are too many for one file, the list of the files."""
    pool = context.database.pool("learning")
    files = files_for(await count_public_pages(pool))
    if files > 1:
        addresses = [f"{context.settings.public_url}/sitemap-{number}.xml" for number in range(1, files + 1)]
        entries = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in addresses)
        return _xml("sitemapindex", entries)
    return await _file(context, 1)


@router.get("/sitemap-{number}.xml")
async def sitemap_file(number: int, context: Context) -> Response:
    """One of the files, counted from 1.

    Raises:
        NotFound: there are not so many.
    """
    files = files_for(await count_public_pages(context.database.pool("learning")))
    if not 1 <= number <= files:
        raise NotFound
    return await _file(context, number)


def files_for(pages: int) -> int:
    """How many files it takes for so many pages and the fixed ones."""
    return -(-(pages + len(FIXED)) // MOST_ADDRESSES)


async def _file(context: Context, number: int) -> Response:
    start = (number - 1) * MOST_ADDRESSES - len(FIXED)
    fixed = FIXED if number == 1 else ()
    pages = await public_pages(
        context.database.pool("learning"), limit=MOST_ADDRESSES - len(fixed), offset=max(0, start)
    )
    base = context.settings.public_url
    return _xml("urlset", "".join(_entry(base, page) for page in (*fixed, *pages)))


def _entry(base: str, page: PublicPage) -> str:
    changed = page.changed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if page.changed_at else None
    return f"<url><loc>{escape(base + page.path)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"


def _xml(root: str, entries: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{entries}</{root}>\n'
    return Response(text, media_type="application/xml", headers=CACHE)
