"""Forms of what somebody else may change meanwhile: which state they go on from, and what `conflict.html` shows of the other."""

from collections.abc import Callable, Mapping

from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.pages.teach.forms import Refused, Sent


def going_on_from(stored: str, form: Sent | None, error: Refused | None) -> str:
    """The revision that the form's next save replaces: its own, until it has shown what is `stored` instead."""
    if form is None or isinstance(error, ContentChangedElsewhere):
        return stored
    return form.text("revision")


def differing(
    kept: Mapping[str, str], typed: Mapping[str, str], error: Refused | None, *, label: Callable[[str], str]
) -> list[tuple[str, str]]:
    """Labels and stored texts of the fields that somebody else has changed; nothing unless `error` says that somebody has."""
    if not isinstance(error, ContentChangedElsewhere):
        return []
    return [(label(name), text) for name, text in kept.items() if text.strip() != typed[name].strip()]
