"""When the modules of a course open, for those who teach it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import TypeAdapter

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import PublicationStatus

SCHEDULE = """
SELECT m.id, m.title, m.status, m.opens_at, m.opens_after_days, ARRAY(
    SELECT before.title FROM learning.module_prerequisites needed
    JOIN learning.modules before ON before.id = needed.prerequisite_id AND before.deleted_at IS NULL
    WHERE needed.module_id = m.id ORDER BY before.position) AS after
FROM learning.modules m WHERE m.course_id = $1 AND m.deleted_at IS NULL
ORDER BY m.position, m.id LIMIT 1000
"""


class ScheduledModule(ApiResponse):
    """A module and what it waits for."""

    id: UUID
    title: str
    status: PublicationStatus
    opens_at: datetime | None
    opens_after_days: int | None
    after: list[str]


class _Reader(Protocol):
    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...


async def schedule(reader: _Reader, course_id: UUID) -> list[ScheduledModule]:
    """The modules in order. Whether the caller may see them is decided before."""
    rows = await reader.fetch(SCHEDULE, course_id)
    return TypeAdapter(list[ScheduledModule]).validate_python([dict(row) for row in rows])
