"""How routes answer whoever enrols."""

from typing import Any

from fastapi import Response

from codezest.services.learning.schemas.catalog import Enrollment
from codezest_db.models.learning import Enrollment as EnrollmentRow

ENROLLED_BEFORE: dict[int | str, dict[str, Any]] = {
    200: {"model": Enrollment, "description": "Enrolled before, or again after leaving"}
}


def enrolled(response: Response, enrollment: EnrollmentRow, *, created: bool) -> Enrollment:
    """The enrollment: 201 where it is new, else 200."""
    response.status_code = 201 if created else 200
    return Enrollment.model_validate(enrollment)
