"""The audit trail as a file, for the API and for pages."""

import json
from collections.abc import AsyncGenerator

from fastapi.responses import StreamingResponse

from codezest.kit.context import RequestContext
from codezest.kit.spreadsheets import csv_download
from codezest.services.auth.actions.record_act import record_act
from codezest.services.auth.queries.audit import AuditFilter, every_entry
from codezest.services.auth.rules import Origin

HEADING = (
    "id", "time", "action", "actor_user_id", "actor_name", "subject_type", "subject_id", "subject_name", "ip_address",
    "details",
)  # fmt: skip


async def audit_file(context: RequestContext, wanted: AuditFilter) -> StreamingResponse:
    """Record the download, then send it.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
    """
    context.actor.require_admin()
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await record_act(session, context.actor, "audit.downloaded", subject_type="audit", origin=origin)

    async def rows() -> AsyncGenerator[tuple[object, ...]]:
        async for entry in every_entry(context.database.pool("auth"), context.actor, wanted):
            yield (
                entry.id, entry.created_at.isoformat(), entry.action, entry.actor_user_id, entry.actor_name,
                entry.subject_type, entry.subject_id, entry.subject_name, entry.ip_address,
                json.dumps(entry.details, ensure_ascii=False) if entry.details else None,
            )  # fmt: skip

    return csv_download("audit.csv", HEADING, rows())
