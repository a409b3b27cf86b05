"""Whether programs are graded now, how they are isolated, and in which languages: as the workers say themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from codezest.grading.languages import languages
from codezest.kit.context import Context, RequestContext

SILENT_SECONDS = 60
"""A worker that was not heard of for so long is taken for gone."""

_ALIVE = """
SELECT version, sandbox_tier, languages, seen_at, created_at
FROM ops.workers WHERE seen_at > now() - make_interval(secs => $1) ORDER BY id
"""

router = APIRouter(tags=["status"])
pages = APIRouter(include_in_schema=False)


class WorkerStatus(BaseModel):
    """One worker process."""

    model_config = ConfigDict(frozen=True)

    version: str
    sandbox_tier: str
    """NAMESPACES_CGROUP, NAMESPACES, LANDLOCK, or NONE when it grades nothing."""
    languages: dict[str, str | None]
    """By key: the toolchain's version; null where it is missing."""
    started_at: datetime
    seen_at: datetime


class Status(BaseModel):
    """The state of grading."""

    model_config = ConfigDict(frozen=True)

    is_grading: bool
    workers: Sequence[WorkerStatus]


async def grading_state(context: RequestContext) -> Status:
    """What the workers say of themselves."""
    rows = await context.database.pool("ops").fetch(_ALIVE, SILENT_SECONDS)
    workers = [
        WorkerStatus(
            version=row["version"],
            sandbox_tier=row["sandbox_tier"],
            languages=row["languages"],
            started_at=row["created_at"],
            seen_at=row["seen_at"],
        )
        for row in rows
    ]
    return Status(is_grading=any(worker.sandbox_tier != "NONE" for worker in workers), workers=workers)


@router.get("/status")
async def grading_status(context: Context) -> Status:
    """Workers that are alive, how they isolate learners' programs, and their languages."""
    return await grading_state(context)


@pages.get("/status")
async def status_page(context: Context) -> HTMLResponse:
    """The same for people."""
    status = await grading_state(context)
    return context.page("status.html", grading=status, rows=_language_rows(status))


def _language_rows(status: Status) -> list[dict[str, Any]]:
    """Each language with the versions that workers have of it."""
    return [
        {
            "name": language.name,
            "versions": sorted({found for worker in status.workers if (found := worker.languages.get(language.key))}),
        }
        for language in languages()
    ]
