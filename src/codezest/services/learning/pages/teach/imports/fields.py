"""What changes in a thing, field by field, in words."""

from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.schemas.imports import ImportField, ImportPart, ImportThing

OPEN = 3
"""So many changes of a thing stand in the table; more are folded."""


def fields_of(thing: ImportThing) -> dict[str, Any]:
    """What the table shows beneath the title."""
    return {
        "fields": [{"field": one, "name": name_text(one), "said": said_text(one)} for one in thing.fields],
        "is_folded": len(thing.fields) > OPEN,
    }


def name_text(field: ImportField) -> str:
    """Which field it is, from the outside in."""
    parts = [_part_text(part) for part in field.within]
    if field.name not in {None, "deleted_at"}:
        parts.append(_names().get(field.name or "", field.name or ""))
    return " · ".join(parts)


def said_text(field: ImportField) -> str:
    """What happens to it; empty where the values say so themselves."""
    match field.outcome:
        case "CREATED":
            return _("New")
        case "REMOVED":
            return _("Removed")
        case "MOVED" if field.name == "deleted_at":
            return _("Restored")
        case "MOVED":
            return _("In another place")
        case _:
            return _("The text changes") if field.is_text else ""


def _part_text(part: ImportPart) -> str:
    said = {"number": part.number, "title": part.title}
    if not part.number:
        return _("“%(title)s”") % said
    match part.sort:
        case "questions":
            return _("Question %(number)s “%(title)s”") % said
        case "options":
            return _("Option %(number)s “%(title)s”") % said
        case _:
            return _("Test %(number)s “%(title)s”") % said


def _names() -> dict[str, str]:
    """As the editors call them; whatever is not here goes by its name in files and in the API."""
    return {
        "answer_key": _("Answer"),
        "attempt_limit": _("Attempts"),
        "available_from": _("Open from"),
        "available_until": _("Open until"),
        "category": _("Category"),
        "checker": _("Checker"),
        "code": _("Program"),
        "content": _("Text"),
        "currency": _("Currency"),
        "description": _("Description"),
        "difficulty": _("Difficulty"),
        "due_at": _("Due at"),
        "duration_minutes": _("Minutes it takes"),
        "estimated_minutes": _("Minutes it takes"),
        "expected": _("Expected output"),
        "explanation": _("Explanation"),
        "file_key": _("File"),
        "hints": _("Hints"),
        "image_key": _("Picture"),
        "instructions": _("Instructions"),
        "is_correct": _("Correct"),
        "language": _("Programming language"),
        "language_id": _("Programming language"),
        "late_policy": _("Late work"),
        "level": _("Level"),
        "max_score": _("Points"),
        "media": _("Media"),
        "module_id": _("Chapter"),
        "name": _("Name"),
        "options": _("Order of the options"),
        "passing_score": _("Percent that is enough to have done it"),
        "points": _("Points"),
        "position": _("Order"),
        "prerequisites": _("Chapters to complete before"),
        "price_minor": _("Price in the smallest unit"),
        "questions": _("Order of the questions"),
        "quiz_id": _("Quiz"),
        "requires": _("Courses to complete before"),
        "rubric_id": _("Rubric"),
        "slug": _("Address"),
        "solution_code": _("Solution"),
        "spoken_language": _("Taught in"),
        "starter_code": _("Starter"),
        "status": _("State"),
        "stdin": _("What it reads"),
        "subtitle": _("Subtitle"),
        "syllabus": _("What learners will be able to do"),
        "tags": _("Tags"),
        "tests": _("Order of the tests"),
        "text": _("Text"),
        "time_limit_minutes": _("Minutes of time"),
        "title": _("Title"),
        "topic": _("Topic"),
        "transcript": _("Transcript"),
        "type": _("Type"),
        "video_key": _("Film"),
        "visible": _("Learners see it"),
    }
