"""What a preview says in words."""

from collections.abc import Mapping
from typing import Any

from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _
from codezest.services.learning.schemas.imports import ImportThing

_PATHS = {
    "COURSE": "/teach/courses/{}/settings",
    "MODULE": "/teach/modules/{}",
    "MATERIAL": "/teach/materials/{}",
    "ASSIGNMENT": "/teach/assignments/{}",
    "QUIZ": "/teach/quizzes/{}",
    "BANK": "/teach/courses/{}/bank",
    "FILES": "/teach/courses/{}/files",
    "RUBRICS": "/teach/courses/{}/rubrics",
}


def thing_path(thing: ImportThing) -> str:
    """Where the studio shows it."""
    return _PATHS[thing.kind].format(thing.id)


def kind_text(kind: str) -> str:
    return {
        "COURSE": _("Course"),
        "MODULE": _("Chapter"),
        "MATERIAL": _("Lesson"),
        "ASSIGNMENT": _("Assignment"),
        "QUIZ": _("Quiz"),
        "BANK": _("Question bank"),
        "FILES": _("Files"),
        "RUBRICS": _("Rubrics"),
    }[kind]


def outcome_text(outcome: str) -> str:
    return {"CREATED": _("New"), "CHANGED": _("Changed"), "REMOVED": _("Removed")}[outcome]


def warning_text(warning: Mapping[str, Any]) -> str:
    """One sentence or two: what happens, and what can be done."""
    match warning["code"]:
        case "made-draft":
            missing = READER.get().listed(warning.get("missing", ()))
            said = _("“%(title)s” comes in as a draft, since learners would lack something.") % {
                "title": warning["title"]
            }
            return f"{said} {_('Missing: %(missing)s') % {'missing': missing}}" if missing else said
        case "file-unknown":
            return _("“%(title)s” names the file %(name)s, which is not in the ZIP. It comes in without.") % {
                "title": warning["title"],
                "name": warning["name"],
            }
        case "language-unknown":
            return _("There is no programming language %(name)s here. The course comes in without one.") % {
                "name": warning["name"]
            }
        case "requires-unknown":
            return _(
                "Courses to complete before that are not here, or that you may not name, are left out: %(names)s. "
                "A prerequisite is another course that is published, or yours."
            ) % {"names": READER.get().listed(warning["names"])}
        case "requires-circular":
            return _(
                "Courses to complete before are left out where they wait for this one, since neither could be begun: %(names)s."
            ) % {"names": READER.get().listed(warning["names"])}
        case _:
            return _("What the course costs stays as it is: only its owner changes that.")
