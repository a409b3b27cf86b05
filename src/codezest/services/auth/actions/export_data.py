"""Ask for all that is held of oneself, and put it together from what each service writes."""

import math
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.auth import DataExportRequested
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.i18n import gettext as _
from codezest.kit.jobs import enqueue
from codezest.kit.outbox import publish
from codezest.services.auth import policies, repository, rules
from codezest.services.auth.errors import ExportUnderWay, TooManyExports
from codezest.services.auth.rules import Origin
from codezest_db.enums import DataExportStatus
from codezest_db.ids import uuid7
from codezest_db.models.auth import DataExport, DataExportPart

SERVICES = frozenset({"auth", "learning"})
"""Whose parts a download consists of."""


def part_key(export_id: UUID, service: str) -> str:
    """Where a service writes its part."""
    return f"exports/{export_id}/{service}.zip"


async def export_data(session: AsyncSession, actor: Actor, origin: Origin) -> UUID:
    """Have everything put together; returns the id of the download. A letter says when it is ready.

    Raises:
        Unauthenticated: nobody is signed in.
        ProofNeeded: the actor has not proved lately who they are.
        ExportUnderWay: one is being put together.
        TooManyExports: there was one less than a day ago.
    """
    user = await policies.access_own_ways_in(session, actor)
    latest = await session.scalar(
        select(DataExport)
        .where(DataExport.user_id == user.id, DataExport.status != DataExportStatus.FAILED)
        .order_by(DataExport.id.desc())
        .limit(1)
    )
    if latest is not None and latest.status is DataExportStatus.PENDING:
        raise ExportUnderWay
    if latest is not None and (wait := latest.created_at + rules.EXPORT_EVERY - now()).total_seconds() > 0:
        hours = math.ceil(wait.total_seconds() / 3600)
        raise TooManyExports(
            _("You had one lately. Ask again in %(hours)s h.") % {"hours": hours},
            retry_after=math.ceil(wait.total_seconds()),
        )
    export = DataExport(id=uuid7(), user_id=user.id)
    session.add(export)
    await session.flush()
    repository.audit(session, "data.export_requested", actor_user_id=user.id, subject_id=user.id, origin=origin)
    await publish(session, DataExportRequested(user_id=user.id, export_id=export.id))
    await enqueue(session, "auth.export_part", {"export_id": export.id})
    return export.id


async def take_part(session: AsyncSession, export_id: UUID, service: str, file_key: str) -> None:
    """Record that a service has written its part; the last one lets the archive be made. Harmless when repeated.

    A part that nobody waits for any more is deleted: its owner may be gone.
    """
    export = await session.scalar(select(DataExport).where(DataExport.id == export_id).with_for_update())
    if export is None or export.status is not DataExportStatus.PENDING:
        await enqueue(session, "auth.delete_files", {"keys": [file_key]})
        return
    await session.execute(
        insert(DataExportPart)
        .values(export_id=export_id, service=service, file_key=file_key)
        .on_conflict_do_nothing(index_elements=["export_id", "service"])
    )
    there: Collection[str] = (
        await session.scalars(select(DataExportPart.service).where(DataExportPart.export_id == export_id))
    ).all()
    if set(there) >= SERVICES:
        await enqueue(session, "auth.finish_export", {"export_id": export_id}, dedupe_key=f"finish_export:{export_id}")
