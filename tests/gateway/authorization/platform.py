"""What administrators look after, and what is of no service."""

from typing import Any

from .rows import ADMINISTRATOR, EVERYBODY, Row

TABLE: dict[tuple[str, str], Row] = {
    ("GET", "/admin/audit"): ADMINISTRATOR,
    ("GET", "/admin/audit/file"): ADMINISTRATOR,
    ("GET", "/admin/features"): ADMINISTRATOR,
    ("PUT", "/admin/features/{key}"): ADMINISTRATOR,
    ("GET", "/admin/overview"): ADMINISTRATOR,
    ("GET", "/admin/events"): ADMINISTRATOR,
    ("POST", "/admin/events/{event_id}/retry"): ADMINISTRATOR,
    ("DELETE", "/admin/events/{event_id}"): ADMINISTRATOR,
    ("GET", "/admin/tables"): ADMINISTRATOR,
    ("GET", "/admin/tables/{schema}/{name}"): ADMINISTRATOR,
    ("GET", "/admin/tables/{schema}/{name}/rows"): ADMINISTRATOR,
    ("GET", "/admin/tables/{schema}/{name}/row"): ADMINISTRATOR,
    ("GET", "/admin/courses"): ADMINISTRATOR,
    ("GET", "/admin/deleted"): ADMINISTRATOR,
    ("POST", "/admin/deleted/{content_id}/restore"): ADMINISTRATOR,
    ("GET", "/admin/enrollments"): ADMINISTRATOR,
    ("GET", "/search"): EVERYBODY,
    ("GET", "/status"): EVERYBODY,
}

BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/admin/features/{key}"): {"value": True, "revision": 0},
}
