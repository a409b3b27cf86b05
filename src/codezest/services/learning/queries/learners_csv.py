"""The learners of a course as a table that spreadsheets open, written batch by batch however many there are."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.spreadsheets import BYTE_ORDER_MARK, csv_line, csv_lines
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.enrolling import Filter

BATCH = 500
COLUMNS = (
    "display_name",
    "email",
    "cohort_name",
    "status",
    "progress_percent",
    "completed_items",
    "enrolled_at",
    "last_active_at",
    "completed_at",
)
HEADINGS = ("name", "e-mail", "cohort", "status", "progress", "steps done", "enrolled", "last active", "completed")


async def first_lines(reader: Reader, actor: Actor, course_id: UUID) -> str:
    """Mark and headings, once it is sure that the caller may have the table; raises as `access_taught_course`."""
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    return BYTE_ORDER_MARK + csv_line(HEADINGS)


async def learners_csv(reader: Reader, course_id: UUID) -> AsyncIterator[str]:
    """The lines, the last to enrol first. Call `first_lines` before."""
    wanted = Filter()
    last: UUID | None = None
    while True:
        body = await wanted.page(reader, course_id, behind=last, limit=BATCH)
        items: list[dict[str, Any]] = json.loads(body)["items"]
        if items:
            yield csv_lines([item[name] for name in COLUMNS] for item in items)
            last = UUID(items[-1]["id"])
        if len(items) < BATCH:
            return
