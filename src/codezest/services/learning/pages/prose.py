"""Authors' Markdown as markup that templates insert as it is."""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from codezest.kit import markdown

KEPT_TEXTS = 2_000
"""Options and the like, which many pages show: each a line or two."""


def render(source: str) -> str:
    """The document as HTML whose tables scroll by themselves, by keyboard too."""
    html = markdown.render(source)
    if "<table>" not in html:
        return html
    opened = html.replace("<table>", '<div class="table-scroll" tabindex="0"><table>')
    return opened.replace("</table>", "</table></div>")


def prose(source: str) -> Markup:
    """The document as HTML."""
    return Markup(render(source))  # noqa: S704 - the renderer ends with a sanitiser


def prose_or_none(source: str | None) -> Markup | None:
    """The same, for a document that may be missing."""
    return prose(source) if source else None


@lru_cache(maxsize=KEPT_TEXTS)
def short_prose(source: str) -> Markup:
    """The same for a text that is usually one line, such as an option: a single paragraph loses its tags."""
    html = render(source).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    single = html.startswith("<p>") and html.endswith("</p>") and "<p>" not in inner
    return Markup(inner if single else html)  # noqa: S704 - as above


def plain_text(source: str) -> str:
    """Markdown as the plain text that a list or a title can show."""
    return source if source.isalnum() else str(short_prose(source).striptags())


def each_as_prose(sources: Iterable[str]) -> list[Markup]:
    """Several documents."""
    return [prose(source) for source in sources]
