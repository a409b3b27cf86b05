"""Signed addresses for the files that a page shows."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from uuid import UUID

from markupsafe import Markup

from codezest.kit.clock import now
from codezest.kit.context import RequestContext
from codezest.kit.signed_files import file_address
from codezest.services.learning.actions.uploads.add_upload import SMALLER, key_of
from codezest.services.learning.queries.uploads import UploadRow, named_uploads
from codezest_db.enums import UploadKind

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ADDRESS = re.compile(rf"/?uploads/({_UUID})")
_PICTURE = re.compile(rf'<img\b[^>]*?\bsrc="/uploads/({_UUID})"')
_SAVED_ONLY = frozenset({UploadKind.ATTACHMENT})


def upload_id_in(address: str | None) -> UUID | None:
    """The file that a column or an address of ours names; None where it names something else."""
    found = _ADDRESS.fullmatch(address or "")
    return UUID(found[1]) if found else None


def signed_link(context: RequestContext, row: UploadRow, *, save: bool = False, small: bool = False) -> str:
    """Where the file is handed out to whoever reads this page: to be shown if it may be, or to be saved."""
    stored = key_of(row.id) + (SMALLER if small else "")
    inline = not save and row.kind not in _SAVED_ONLY
    return file_address(context.settings.signing_key, stored, row.name, inline=inline, moment=now())


def picture_link(context: RequestContext, address: str | None, *, small: bool = False) -> str | None:
    """The picture of a course, which whoever sees the course may see; None where browsers may load none from there."""
    upload_id = upload_id_in(address)
    if upload_id is None:
        return address if address and address.startswith("/") else None
    return signed_link(context, UploadRow(id=upload_id, name="picture.webp", kind=UploadKind.PICTURE), small=small)


async def with_pictures(context: RequestContext, course_id: UUID, html: str) -> Markup:
    """Sanitised markup whose pictures come from signed addresses and keep their room, if they are of this very course."""
    named = [UUID(found) for found in _PICTURE.findall(html)]
    rows = await named_uploads(context.database.pool("learning"), course_id, named)
    return Markup(_signed(context, html, rows) if rows else html)  # noqa: S704 - sanitised; what is added is ours


def _signed(context: RequestContext, html: str, rows: Mapping[UUID, UploadRow]) -> str:

    def signed(match: re.Match[str]) -> str:
        row = rows.get(UUID(match[1]))
        if row is None or row.width is None:
            return match[0]
        room = "" if " width=" in match[0] else f' width="{row.width}" height="{row.height}"'
        link = signed_link(context, row)
        return match[0].replace(f'src="/uploads/{match[1]}"', f'{room.lstrip()}{" " if room else ""}src="{link}"')

    return _PICTURE.sub(signed, html)


def ids_in(addresses: Iterable[str | None]) -> list[UUID]:
    """The files that any of the addresses name."""
    return [found for address in addresses if (found := upload_id_in(address and unescape(address)))]
