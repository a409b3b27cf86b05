"""The rows of every part together. A route that is added gets its row in the part of its subject, and a body where it takes one."""

from collections.abc import Mapping
from typing import Any

from . import accounts, authoring, enrolling, grading, platform, studying
from .rows import Row

Route = tuple[str, str]
"""Method, and path below `/api/v1`."""

PARTS: tuple[Mapping[Route, Row], ...] = (
    accounts.TABLE,
    platform.TABLE,
    enrolling.TABLE,
    studying.TABLE,
    grading.TABLE,
    authoring.TABLE,
)
TABLE: Mapping[Route, Row] = {route: row for part in PARTS for route, row in part.items()}
BODIES: Mapping[Route, Any] = {
    **accounts.BODIES,
    **platform.BODIES,
    **enrolling.BODIES,
    **studying.BODIES,
    **grading.BODIES,
    **authoring.BODIES,
}
"""What is sent along, of requests whose body names nothing that is made for the occasion."""
