"""Pages from Jinja templates: autoescaped, translated, with the shared shell's assets."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from codezest.kit import i18n

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


class Templates:
    """The template environment of one process."""

    def __init__(self, assets: Assets, *, reload: bool = False) -> None:
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
        install(i18n.gettext, i18n.ngettext, newstyle=True)
        names = cast("dict[str, object]", self._environment.globals)
        names["static"] = assets.url
        filters = cast("dict[str, Callable[..., str]]", self._environment.filters)
        for name in ("datetime", "date", "relative_time", "number", "percent"):
            filters[name] = _for_reader(name)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The page or fragment as HTML. An undefined name in the template is an error, not an empty string."""
        return self._environment.get_template(name).render(context)
