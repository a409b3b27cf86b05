"""Pages from Jinja templates: autoescaped, translated, with the shared shell's assets."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from jinja2 import FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from codezest.kit import i18n
from codezest.kit.template_code import KEPT, PageEnvironment, filled

PACKAGE = Path(__file__).parent.parent
STATIC = PACKAGE / "web" / "static"


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


@lru_cache(maxsize=KEPT)
def _message(_locale: str, message: str) -> Markup:
    """The message as it may stand in a page. The locale is the reader's own."""
    return filled(i18n.gettext(message), {})


# Jinja brings the like of these three, which ask for the context of the template.
def _gettext(message: str, /, **values: Any) -> Markup:
    if not values:
        return _message(i18n.READER.get().locale, message)
    return filled(i18n.gettext(message), values)


@lru_cache(maxsize=KEPT)
def _counted(_locale: str, singular: str, plural: str, number: int) -> str:
    """The message in the form that the number needs. The locale is the reader's own."""
    return i18n.ngettext(singular, plural, number)


def _ngettext(singular: str, plural: str, number: int, /, **values: Any) -> Markup:
    return filled(_counted(i18n.READER.get().locale, singular, plural, number), {"num": number} | values)


def _pgettext(context: str, message: str, /, **values: Any) -> Markup:
    return filled(i18n.pgettext(context, message), values)


class Templates:
    """The template environment of one process. `site` is the public address, for what must name pages in full."""

    def __init__(self, assets: Assets, *, reload: bool = False, site: str = "") -> None:
        self.assets = assets
        self._reload = reload
        self._site = site
        self._environments: dict[str, PageEnvironment] = {}
        self._kept: dict[str, tuple[Template, Markup]] = {}

    def _environment(self) -> PageEnvironment:
        """That of the reader's language, made when the first one comes."""
        language = i18n.catalogue_of(i18n.READER.get().locale)
        known = self._environments.get(language)
        if known is None:
            known = self._environments[language] = self._new_environment(language)
        return known

    def _new_environment(self, language: str) -> PageEnvironment:
        environment = PageEnvironment(
            language,
            loader=FileSystemLoader([PACKAGE / "web" / "templates", PACKAGE / "services"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=self._reload,
            extensions=["jinja2.ext.i18n"],
        )
        names = cast("dict[str, object]", environment.globals)
        names["gettext"] = names["_"] = _gettext
        names["ngettext"] = _ngettext
        names["pgettext"] = _pgettext
        names["static"] = self.assets.url
        names["preloads"] = self.assets.preloads()
        names["site"] = self._site
        names["plural_forms"] = i18n.plural_forms
        names["offered_languages"] = i18n.offered_languages
        names["script_messages"] = self._script_messages
        filters = cast("dict[str, Callable[..., str]]", environment.filters)
        for name in ("datetime", "date", "relative_time", "number", "percent", "iso", "listed"):
            filters[name] = _for_reader(name)
        return environment

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The page or fragment as HTML. An undefined name in the template is an error, not an empty string."""
        return self._environment().get_template(name).render(context)

    def _script_messages(self) -> Markup:
        """The words that scripts say: the same on every page for one locale, and so rendered once."""
        locale, template = i18n.READER.get().locale, self._environment().get_template("messages.html")
        known = self._kept.get(locale)
        if known is None or known[0] is not template:  # another one once its file has changed
            known = self._kept[locale] = (template, Markup(template.render()))  # noqa: S704 - a template's own output
        return known[1]
