"""A user agent in plain words. Good enough to recognise one's own devices; nothing is decided by it."""

import re

from codezest.kit.i18n import gettext as _

# The order matters: most browsers also name those they descend from, and most systems those they are like.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
PROGRAM = re.compile(r"^[A-Za-z][A-Za-z0-9 _.-]{0,39}(?=/|$)")


def device_of(user_agent: str | None) -> str:
    """Such as `Firefox on Linux`, or the name of a program, or that it is unknown."""
    text = user_agent or ""
    browser = next((name for mark, name in BROWSERS if mark in text), None)
    system = next((name for mark, name in SYSTEMS if mark in text), None)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    if browser or system:
        return str(browser or system)
    program = PROGRAM.match(text)
    return program.group() if program else _("Unknown device")
