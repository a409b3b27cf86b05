"""The details of an act as lines to read."""

from collections.abc import Mapping
from typing import Any

from codezest.kit.i18n import gettext as _


def detail_lines(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each; names without words of their own stay as they are."""
    return [(_name(key), _value(value)) for key, value in details.items() if value is not None]


def _name(key: str) -> str:
    return {
        "after": _("after"),
        "before": _("before"),
        "column": _("column"),
        "course_id": _("course"),
        "how": _("how"),
        "key": _("setting"),
        "kind": _("kind"),
        "name": _("name"),
        "new_role": _("new role"),
        "old_role": _("old role"),
        "reason": _("reason"),
        "role": _("role"),
        "table": _("table"),
        "title": _("title"),
        "topic": _("event"),
    }.get(key, key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value != "" else _("empty")
