"""Downloads of one's data: what auth holds, and the archive of what all services hold.

Everything is written row by row to a file on disk, so that a long history costs no memory.
"""

import asyncio
import json
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import asyncpg
from jinja2 import Environment, StrictUndefined
from sqlalchemy import delete, select

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.files import FileMissing, Files
from codezest.kit.i18n import Reader
from codezest.kit.jobs import INTERACTIVE, Payload, enqueue
from codezest.services.auth import rules
from codezest.services.auth.actions.export_data import SERVICES, part_key, take_part
from codezest.services.auth.actions.upload_avatar import avatar_keys
from codezest_db.enums import DataExportStatus
from codezest_db.models.auth import DataExport, DataExportPart, User

# Secrets and their hashes are left out: they prove nothing to their owner, and much to whoever finds the file.
OWN_ROWS: dict[str, str] = {
    "account": """SELECT to_jsonb(t) - 'password_hash' FROM auth.users t WHERE id = $1""",
    "profile": """SELECT to_jsonb(t) FROM auth.user_profiles t WHERE user_id = $1""",
    "instructor": """SELECT to_jsonb(t) FROM auth.instructors t WHERE user_id = $1""",
    "sessions": """SELECT to_jsonb(t) - 'token_hash' FROM auth.sessions t WHERE user_id = $1 ORDER BY id""",
    "login_attempts": """SELECT to_jsonb(t) FROM auth.login_events t WHERE user_id = $1 ORDER BY id""",
    "linked_accounts": """SELECT to_jsonb(t) - '{access_token_encrypted,refresh_token_encrypted,id_token_encrypted}'::text[]
        FROM auth.oauth_accounts t WHERE user_id = $1 ORDER BY id""",
    "passkeys": """SELECT to_jsonb(t) - '{credential_id,public_key}'::text[]
        FROM auth.webauthn_credentials t WHERE user_id = $1 ORDER BY id""",
    "api_tokens": """SELECT to_jsonb(t) - 'token_hash' FROM auth.api_tokens t WHERE user_id = $1 ORDER BY id""",
    "email_changes": """SELECT to_jsonb(t) - '{token_hash,undo_token_hash}'::text[]
        FROM auth.email_changes t WHERE user_id = $1 ORDER BY id""",
    "audit": """SELECT to_jsonb(t) FROM auth.audit_entries t
        WHERE actor_user_id = $1 OR actor_user_id IS NULL AND subject_type = 'user' AND subject_id = $1 ORDER BY id""",
    "downloads": """SELECT to_jsonb(t) - 'file_key' FROM auth.data_exports t WHERE user_id = $1 ORDER BY id""",
}

INDEX = """<!doctype html>
<html lang="{{ language }}" dir="{{ direction }}"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>
<p>{{ about }}</p>
{% if picture %}<p><img src="avatar.webp" alt="{{ picture }}" width="128" height="128"></p>{% endif %}
{% for service, tables in parts %}<h2>{{ service }}</h2><ul>
{% for path, size in tables %}<li><a href="{{ path }}">{{ path }}</a> ({{ size }})</li>
{% endfor %}</ul>
{% endfor %}</body></html>
"""


class ExportWriter:
    """The handlers of downloads."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files

    async def write_part(self, payload: Payload) -> None:
        """Write what auth holds, and record that it is there."""
        export_id = UUID(payload["export_id"])
        async with self._database.write("auth") as session:
            export = await session.get(DataExport, export_id)
        if export is None or export.status is not DataExportStatus.PENDING:
            return
        key = part_key(export_id, "auth")
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "part.zip"
            connection = await self._database.connect("auth")
            try:
                await write_rows(connection, archive, OWN_ROWS, export.user_id)
            finally:
                await connection.close()
            await self._files.put(key, archive)
        async with self._database.write("auth") as session:
            await take_part(session, export_id, "auth", key)

    async def finish(self, payload: Payload) -> None:
        """Make one archive of all parts, delete them, and write to the owner."""
        export_id = UUID(payload["export_id"])
        async with self._database.write("auth") as session:
            export = await session.get(DataExport, export_id)
            found = await session.execute(
                select(DataExportPart.service, DataExportPart.file_key).where(DataExportPart.export_id == export_id)
            )
            parts: dict[str, str] = {row.service: row.file_key for row in found}
            user = await session.get(User, export.user_id) if export is not None else None
            reader = Reader(user.locale, user.timezone) if user is not None else Reader()
        if export is None or export.status is not DataExportStatus.PENDING or set(parts) < SERVICES:
            return
        key = part_key(export_id, "all")
        with tempfile.TemporaryDirectory() as text:
            folder = Path(text)
            size = await self._assemble(folder, parts, reader)
            await self._files.put(key, folder / "all.zip")
        async with self._database.write("auth") as session:
            row = await session.get(DataExport, export_id, with_for_update=True, populate_existing=True)
            if row is None or row.status is DataExportStatus.FAILED:  # its owner is gone, or it was given up meanwhile
                await enqueue(session, "auth.delete_files", {"keys": [key]})
                return
            if row.status is not DataExportStatus.PENDING:
                return
            row.status, row.file_key, row.size_bytes = DataExportStatus.READY, key, size
            row.ready_at = moment = now()
            row.expires_at = moment + rules.EXPORT_LIFETIME
            await session.execute(delete(DataExportPart).where(DataExportPart.export_id == export_id))
            await enqueue(session, "auth.delete_files", {"keys": sorted(parts.values())})
            letter = {"user_id": row.user_id, "letter": "export"}
            await enqueue(session, "auth.send_account_letter", letter, priority=INTERACTIVE)

    async def _assemble(self, folder: Path, parts: dict[str, str], reader: Reader) -> int:
        """Write `all.zip` into the folder; returns its size in bytes."""
        for service, key in parts.items():
            with (folder / f"{service}.zip").open("wb") as target:
                await self._files.copy_to(key, target)
        picture = folder / "avatar.webp"
        await self._fetch_picture(folder, picture)
        return await asyncio.to_thread(_merge, folder, sorted(parts), picture if picture.exists() else None, reader)

    async def _fetch_picture(self, folder: Path, picture: Path) -> None:
        with ZipFile(folder / "auth.zip") as part:
            profiles = json.loads(part.read("profile.json"))
        name = profiles[0]["avatar"] if profiles else None
        if name is None:
            return
        key = avatar_keys(name)[0]
        with suppress(FileMissing):  # another picture was uploaded since
            await self._files.stat(key)
            with picture.open("wb") as target:
                await self._files.copy_to(key, target)


async def write_rows(connection: asyncpg.Connection, archive: Path, tables: dict[str, str], user_id: UUID) -> None:
    """Write an archive with a JSON array for each of the statements, which give one JSON value a row."""
    with ZipFile(archive, "w", ZIP_DEFLATED) as part:
        for name, statement in tables.items():
            async with connection.transaction(readonly=True):
                with part.open(f"{name}.json", "w", force_zip64=True) as target:
                    separator = b"["
                    async for (row,) in connection.cursor(statement, user_id, prefetch=100):
                        target.write(separator + b"\n" + str(row).encode())
                        separator = b","
                    target.write(b"\n]\n" if separator == b"," else b"[]\n")


def _merge(folder: Path, services: list[str], picture: Path | None, reader: Reader) -> int:
    listed: list[tuple[str, list[tuple[str, int]]]] = []
    whole = folder / "all.zip"
    with ZipFile(whole, "w", ZIP_DEFLATED) as target:
        for service in services:
            tables: list[tuple[str, int]] = []
            with ZipFile(folder / f"{service}.zip") as part:
                for name in part.namelist():
                    with part.open(name) as source, target.open(f"{service}/{name}", "w", force_zip64=True) as copy:
                        shutil.copyfileobj(source, copy)
                    tables.append((f"{service}/{name}", part.getinfo(name).file_size))
            listed.append((service, tables))
        if picture is not None:
            target.write(picture, "avatar.webp")
        target.writestr("index.html", _index(listed, reader, picture=picture is not None))
    return whole.stat().st_size


def _index(parts: list[tuple[str, list[tuple[str, int]]]], reader: Reader, *, picture: bool) -> str:
    _ = reader.gettext
    about = _("Put together on %(time)s. Each file holds the rows of one table as JSON.")

    def size_text(size: int) -> str:
        return reader.ngettext("%(num)s byte", "%(num)s bytes", size) % {"num": reader.number(size)}

    values: dict[str, Any] = {
        "language": reader.locale.replace("_", "-"),
        "direction": reader.direction,
        "title": _("Your data at CodeZest"),
        "about": about % {"time": reader.datetime(now())},
        "picture": _("Your picture") if picture else "",
        "parts": [(service, [(path, size_text(size)) for path, size in tables]) for service, tables in parts],
    }
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(INDEX).render(values)


async def end_exports(database: Database) -> None:
    """Delete archives whose time is over, and give up those that were never finished."""
    async with database.write("auth") as session:
        over = (
            await session.scalars(
                select(DataExport)
                .where(DataExport.status == DataExportStatus.READY, DataExport.expires_at <= now())
                .with_for_update(skip_locked=True)
            )
        ).all()
        for export in over:
            await enqueue(session, "auth.delete_files", {"keys": [export.file_key]})
            export.status, export.file_key = DataExportStatus.EXPIRED, None
        stuck = (
            await session.scalars(
                select(DataExport)
                .where(
                    DataExport.status == DataExportStatus.PENDING,
                    DataExport.created_at <= now() - rules.EXPORT_PATIENCE,
                )
                .with_for_update(skip_locked=True)
            )
        ).all()
        for export in stuck:
            await enqueue(
                session, "auth.delete_files", {"keys": [part_key(export.id, service) for service in sorted(SERVICES)]}
            )
            export.status = DataExportStatus.FAILED
