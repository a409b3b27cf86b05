"""What the queue is narrowed to, as it stands in addresses."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from pydantic import ValidationError

from codezest.services.learning.schemas.grading_queue import QueueFilter

NAMES = {"status": "status", "assignment": "assignment_id", "cohort": "cohort_id"}


def wanted_in(values: dict[str, str]) -> QueueFilter:
    """The filter of an address or a hidden field; what makes no sense there is left out, as an old link may name it."""
    given = {name: values[key] for key, name in NAMES.items() if values.get(key)}
    try:
        return QueueFilter.model_validate(given)
    except ValidationError as error:
        for item in error.errors():
            given.pop(str(item["loc"][0]), None)
        return QueueFilter.model_validate(given)


def _from_query(
    status: Annotated[str, Query(max_length=20)] = "",
    assignment: Annotated[str, Query(max_length=60)] = "",
    cohort: Annotated[str, Query(max_length=60)] = "",
) -> QueueFilter:
    return wanted_in({"status": status, "assignment": assignment, "cohort": cohort})


Wanted = Annotated[QueueFilter, Depends(_from_query)]


def query_of(wanted: QueueFilter, **more: str | None) -> str:
    """The filter as the query of an address, with its question mark; empty where it filters nothing."""
    values: dict[str, str | UUID | None] = {
        "status": None if wanted.status == "waiting" else wanted.status,
        "assignment": wanted.assignment_id,
        "cohort": wanted.cohort_id,
        **more,
    }
    pairs = {name: str(value) for name, value in values.items() if value}
    return f"?{urlencode(pairs)}" if pairs else ""
