"""Addresses that hand a stored file to whoever has them, for a while.

A page that may show a file says its address; nobody else can make one up. What the address says (the file, its name, whether
a page may show it, until when) is signed, so that serving it takes no look into the database. The end is rounded, so that an
address stays the same for hours and browsers keep what they have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from codezest.kit.errors import Gone, NotFound
from codezest.kit.i18n import gettext as _
from codezest.kit.sniffing import MEDIA_TYPES, OPAQUE
from codezest.kit.tokens import sign, signature_holds

PREFIX = "/files"
STEP = timedelta(hours=4)
"""An address lives for one to two of these."""
SHOWN = frozenset({"mp4", "pdf", "txt", "vtt", "webm", "webp"})
"""Extensions of what a page may show: pictures of our own making, and formats that do nothing."""
_PURPOSE = "file"
_INLINE, _SAVED = "show", "save"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """What a signed address stands for."""

    folder: str
    stored: str
    name: str
    inline: bool
    until: datetime

    @property
    def key(self) -> str:
        """Of the stored file."""
        return f"{self.folder}/{self.stored}"

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @property
    def media_type(self) -> str:
        """What it is served as; it follows from the name, which was given its ending by the content."""
        return MEDIA_TYPES.get(self.extension, OPAQUE)


class LinkExpired(Gone):
    code = "link-expired"
    title = "This link has expired"
    default_detail = "Open the page on which you found it once more: there is a new one."


def file_address(key: bytes, stored: str, name: str, *, inline: bool, moment: datetime) -> str:
    """The path at which the file is handed out.

    Args:
        key: the signing key.
        stored: the key of the stored file: one folder and one name.
        name: as it is to be saved; its ending decides its type.
        inline: whether a page is to show it; what no page may show is saved nevertheless.
        moment: now.
    """
    shown = inline and name.rpartition(".")[2].lower() in SHOWN
    until = str((int(moment.timestamp()) // _seconds() + 2) * _seconds())
    how = _INLINE if shown else _SAVED
    signature = sign(key, _PURPOSE, f"{until}\n{how}\n{stored}\n{name}")
    return f"{PREFIX}/{signature}/{until}/{how}/{stored}/{quote(name, safe='')}"


def opened_address(key: bytes, parts: Mapping[str, str], *, moment: datetime) -> SignedFile:
    """What an address stands for; `parts` are those of the path, decoded: signature, until, how, folder, stored and name.

    Raises:
        NotFound: we have never given it.
        LinkExpired: its time is over.
    """
    until, how, folder, stored, name = (parts[part] for part in ("until", "how", "folder", "stored", "name"))
    if not signature_holds(key, _PURPOSE, "\n".join((until, how, f"{folder}/{stored}", name)), parts["signature"]):
        raise NotFound
    end = datetime.fromtimestamp(int(until), UTC)
    if moment >= end:
        raise LinkExpired(_(LinkExpired.default_detail))
    return SignedFile(folder=folder, stored=stored, name=name, inline=how == _INLINE, until=end)


def _seconds() -> int:
    return int(STEP.total_seconds())
