"""The audit trail and the settings of the platform, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context
from codezest.kit.pagination import Cursor, Page, PageSize
from codezest.kit.schemas import Moment
from codezest.services.auth.actions import change_feature as changing
from codezest.services.auth.queries.audit import AuditFilter, audit_entries
from codezest.services.auth.queries.features import feature, features
from codezest.services.auth.routes.audit_file import audit_file
from codezest.services.auth.rules import Origin
from codezest.services.auth.schemas.administration import AuditEntryOut, FeatureChange, FeatureOut

router = APIRouter(prefix="/admin", tags=["administration"])

Action = Annotated[str | None, Query(max_length=100, description="Name of the act, such as `user.suspended`.")]
SubjectType = Annotated[str | None, Query(max_length=50, description="Such as `user` or `course`.")]


async def _audit_filter(
    *,
    actor_user_id: UUID | None = None,
    action: Action = None,
    subject_type: SubjectType = None,
    subject_id: UUID | None = None,
    made_from: Moment | None = None,
    made_before: Moment | None = None,
) -> AuditFilter:
    return AuditFilter(
        actor_user_id=actor_user_id,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        made_from=made_from,
        made_before=made_before,
    )


Wanted = Annotated[AuditFilter, Depends(_audit_filter)]


@router.get("/audit")
async def read_audit(
    context: Context, wanted: Wanted, cursor: Cursor = None, limit: PageSize = 20
) -> Page[AuditEntryOut]:
    """Acts that stay traceable, the newest first. Administrators only."""
    return await audit_entries(context.database.pool("auth"), context.actor, wanted, cursor=cursor, limit=limit)


@router.get("/audit/file", response_class=StreamingResponse)
async def download_audit(context: Context, wanted: Wanted) -> StreamingResponse:
    """The same as CSV, all of it. Administrators only; the download itself is recorded."""
    return await audit_file(context, wanted)


@router.get("/features")
async def list_features(context: Context) -> list[FeatureOut]:
    """The settings of the platform. Administrators only."""
    return await features(context.database.pool("auth"), context.actor)


@router.put("/features/{key}")
async def change_feature(key: str, change: FeatureChange, context: Context) -> FeatureOut:
    """Change a setting, unless somebody else has since `revision`. Administrators only."""
    origin = Origin.of(context.client_address, context.user_agent)
    async with context.database.write("auth") as session:
        await changing.change_feature(
            session, context.actor, key, value=change.value, revision=change.revision, origin=origin
        )
    context.resources.features.forget()
    return await feature(context.database.pool("auth"), context.actor, key)
