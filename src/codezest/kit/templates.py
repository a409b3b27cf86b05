"""Pages from Jinja templates: autoescaped, translated, with the shared shell's assets."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from codezest.kit import i18n

PACKAGE = Path(__file__).parent.parent
STATIC = PACKAGE / "web" / "static"
KEPT_MESSAGES = 10_000
"""Translated messages that a process keeps ready: a page asks for a hundred."""


class AssetsMissing(RuntimeError):
    """The style sheets and scripts were not built; the message says how."""


class Assets:
    """Logical asset names to the content-hashed files that the bundler wrote."""

    def __init__(self, folder: Path = STATIC) -> None:
        manifest = folder / "build" / "manifest.json"
        if not manifest.exists():
            raise AssetsMissing("The web assets are not built. Run `make assets` (npm ci and npm run build in ui/).")
        self._files: Mapping[str, str] = json.loads(manifest.read_text())

    def preloads(self) -> list[str]:
        """The paths of what the page's script cannot start without, besides itself."""
        return [self.url(name) for name in self._files if name.startswith("preload-")]

    def url(self, name: str) -> str:
        """The path under which a browser gets the asset.

        Raises:
            KeyError: no such asset was built.
        """
        return f"/static/build/{self._files[name]}"


def _for_reader(method: str) -> Callable[[Any], str]:
    """The filter that formats a value as the current reader's locale and time zone have it."""

    def format_value(value: Any) -> str:
        return str(getattr(i18n.READER.get(), method)(value))

    return format_value


@lru_cache(maxsize=KEPT_MESSAGES)
def _message(_locale: str, message: str) -> Markup:
    """The message as it may stand in a page, `%%` for a per cent sign as in every message. The locale is the reader's own."""
    return Markup(i18n.gettext(message)) % {}  # noqa: S704 - messages are ours, as the templates are


def _gettext(message: str, /, **values: Any) -> Markup:
    """What Jinja's own newstyle gettext does, but for messages without values only once."""
    if not values:
        return _message(i18n.READER.get().locale, message)
    return Markup(i18n.gettext(message)) % values  # noqa: S704 - as above; the values are escaped


class Templates:
    """The template environment of one process. `site` is the public address, for what must name pages in full."""

    def __init__(self, assets: Assets, *, reload: bool = False, site: str = "") -> None:
        self.assets = assets
        self._environment = Environment(
            loader=FileSystemLoader([PACKAGE / "web" / "templates", PACKAGE / "services"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=reload,
            extensions=["jinja2.ext.i18n"],
        )
        install = cast("Callable[..., None]", getattr(self._environment, "install_gettext_callables"))  # noqa: B009
        install(i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext)
        names = cast("dict[str, object]", self._environment.globals)
        names["gettext"] = names["_"] = _gettext
        names["static"] = assets.url
        names["preloads"] = assets.preloads()
        names["site"] = site
        names["plural_forms"] = i18n.plural_forms
        names["offered_languages"] = i18n.offered_languages
        self._kept: dict[str, tuple[Template, Markup]] = {}
        names["script_messages"] = self._script_messages
        filters = cast("dict[str, Callable[..., str]]", self._environment.filters)
        for name in ("datetime", "date", "relative_time", "number", "percent", "iso", "listed"):
            filters[name] = _for_reader(name)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The page or fragment as HTML. An undefined name in the template is an error, not an empty string."""
        return self._environment.get_template(name).render(context)

    def _script_messages(self) -> Markup:
        """The words that scripts say: the same on every page for one locale, and so rendered once."""
        locale, template = i18n.READER.get().locale, self._environment.get_template("messages.html")
        known = self._kept.get(locale)
        if known is None or known[0] is not template:  # another one once its file has changed
            known = self._kept[locale] = (template, Markup(template.render()))  # noqa: S704 - a template's own output
        return known[1]
