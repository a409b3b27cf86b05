"""Sizes of files in words."""

from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _


def size_text(size: int) -> str:
    """Bytes as people say them, in the reader's way to write numbers."""
    number = READER.get().number
    if size < 1 << 10:
        return _("%(size)s B") % {"size": size}
    if size < 1 << 20:
        return _("%(size)s kB") % {"size": number(-(-size // (1 << 10)))}
    if size < 1 << 30:
        return _("%(size)s MB") % {"size": number(round(size / (1 << 20), 1))}
    return _("%(size)s GB") % {"size": number(round(size / (1 << 30), 1))}
