"""Why content is not open, and why a change to it is not made."""

from datetime import datetime

from codezest.kit.errors import Conflict, Forbidden, Gone, ValidationFailed
from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _


class ModuleLocked(Forbidden):
    code = "module-locked"
    title = "This module is still locked"

    def __init__(self, prerequisites: list[str]) -> None:
        super().__init__(
            _("Complete %(names)s first.") % {"names": READER.get().listed(prerequisites)}, prerequisites=prerequisites
        )


class ModuleNotYetOpen(Forbidden):
    code = "module-not-yet-open"
    title = "This module is not open yet"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            _("It opens for you on %(when)s. There is nothing you need to do.")
            % {"when": READER.get().datetime(opens_at)},
            opens_at=opens_at.isoformat(),
        )


class ItemNotYetOpen(Forbidden):
    code = "item-not-yet-open"
    title = "This is not open yet"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            _("It opens on %(when)s.") % {"when": READER.get().datetime(opens_at)}, opens_at=opens_at.isoformat()
        )


class ContentArchived(Gone):
    code = "content-archived"
    title = "No longer offered"
    default_detail = "This course is archived. What you achieved in it is kept."


class ContentChangedElsewhere(Conflict):
    code = "content-changed-elsewhere"
    title = "This was changed somewhere else"

    def __init__(self, revision: str) -> None:
        super().__init__(
            _(
                "Another tab or another person has saved this meanwhile; nothing was changed. Save again with its revision "
                "to replace what they wrote."
            ),
            revision=revision,
        )


class CourseHasLearners(Conflict):
    code = "course-has-learners"
    title = "Somebody takes this course"
    default_detail = (
        "Learners are enrolled in it, so nothing was changed. Archive it instead: what they achieved is kept."
    )


class ParentDeleted(Conflict):
    code = "parent-deleted"
    title = "What it stands in was deleted too"

    def __init__(self, title: str) -> None:
        super().__init__(_("Restore “%(title)s” first.") % {"title": title})


class SlugTaken(Conflict):
    code = "slug-taken"
    title = "This name is taken"

    def __init__(self, field: str = "slug") -> None:
        super().__init__(f"Another one already has this {field}; nothing was changed.", field=field)


class NotReady(ValidationFailed):
    code = "not-ready"
    title = "Not ready for learners"

    def __init__(self, missing: list[str]) -> None:
        super().__init__("Nothing was changed. Missing: " + "; ".join(missing), missing=missing)


class PrerequisiteRefused(ValidationFailed):
    code = "prerequisite-refused"
    title = "This cannot be a prerequisite"


class ImportNotReady(Conflict):
    code = "import-not-ready"
    title = "This import cannot be taken over now"
    default_detail = "It is still being checked, or was refused. Look at it again."
