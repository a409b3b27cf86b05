"""The fields of a question's editor: shown, and read as the API's types."""

from typing import Any, TypeVar
from uuid import UUID

from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.teaching.write_question import WrittenOption
from codezest.services.learning.pages.forms import plain_newlines
from codezest.services.learning.pages.teach.assignment.fields import required
from codezest.services.learning.pages.teach.forms import FormRefused, Sent, read, text_or_none, whole_number
from codezest.services.learning.pages.teach.question.keys import CHOSEN, ROWS, key_in, key_rows, key_values, read_key
from codezest.services.learning.pages.teach.rows import Rows
from codezest.services.learning.schemas.authoring import NewOption, NewQuestion, QuestionChange
from codezest.services.learning.schemas.teaching_assessments import StudioQuestion
from codezest_db.enums import Difficulty, QuestionType

QuestionT = TypeVar("QuestionT", NewQuestion, QuestionChange)
MEDIA = ("image_url", "image_alt", "video_url")
BLANK = {"text": "", "explanation": "", "points": "1", "difficulty": Difficulty.BEGINNER.value, "topic": ""}


def blank_values(kind: QuestionType) -> dict[str, str]:
    """What a new question begins with."""
    return {**BLANK, **dict.fromkeys(MEDIA, ""), **key_values(kind, {})}


def values_of(stored: StudioQuestion) -> dict[str, str]:
    """What the single fields show."""
    media = stored.media or {}
    return {
        "text": plain_newlines(stored.text),
        "explanation": plain_newlines(stored.explanation or ""),
        "points": str(stored.points),
        "difficulty": stored.difficulty.value,
        "topic": stored.topic or "",
        **{name: str(media.get(name) or "") for name in MEDIA},
        **key_values(stored.type, stored.answer_key or {}),
    }


def rows_of(stored: StudioQuestion) -> Rows:
    """Its options, or the rows of its key."""
    if stored.type in CHOSEN:
        return [
            {"id": str(option.id), "text": plain_newlines(option.text), "right": "on" if option.is_correct else ""}
            for option in stored.options
        ]
    return key_rows(stored.type, stored.answer_key or {})


def typed_rows(kind: QuestionType, form: Sent) -> Rows:
    return ROWS[kind].typed(form) if kind in ROWS else []


def question_in(model: type[QuestionT], kind: QuestionType, form: Sent) -> tuple[QuestionT, list[WrittenOption]]:
    """The question that the form says, and its options.

    Raises:
        FormRefused: names the fields.
    """
    rows = typed_rows(kind, form)
    media = {name: text for name in MEDIA if (text := text_or_none(form.text(name)))}
    given: dict[str, Any] = {
        "text": form.text("text").strip(),
        "explanation": text_or_none(form.text("explanation")),
        "points": whole_number("points", required("points", form.text("points"))),
        "difficulty": form.text("difficulty"),
        "topic": text_or_none(form.text("topic")),
        "media": media or None,
    }
    if model is NewQuestion:
        given["type"] = kind
    else:
        given["revision"] = form.text("revision")
    question = read(model, given)
    # A key is given as a whole, and read by its own type: what tells types of keys apart is no matter of forms.
    key = read_key(kind, key_in(kind, form, rows), rows)
    if key is not None:
        question = read(model, given | {"answer_key": key})
    return question, _options(rows) if kind in CHOSEN else []


def _options(rows: Rows) -> list[WrittenOption]:
    options: list[WrittenOption] = []
    for place, row in enumerate(rows):
        if not row["text"].strip():
            if row["right"]:
                raise FormRefused([(f"o-{place}-text", _("Please fill this in."))])
            continue
        try:
            read(NewOption, {"text": row["text"], "is_correct": bool(row["right"])})
        except FormRefused as error:
            raise FormRefused([(f"o-{place}-text", error.errors[0][1])]) from None
        options.append(WrittenOption(_id(row["id"]), row["text"], bool(row["right"])))
    return options


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def labels() -> dict[str, str]:
    """What each field is called."""
    return {
        "text": _("Question"),
        "explanation": _("Explanation"),
        "points": _("Points"),
        "difficulty": _("Difficulty"),
        "topic": _("Topic"),
        "image_url": _("Address of a picture"),
        "image_alt": _("What the picture shows"),
        "video_url": _("Address of a film"),
        "distractors": _("Further choices that fit nothing"),
        "value": _("The right number"),
        "absolute": _("Tolerance"),
        "relative": _("Tolerance as a share"),
        "unit_required": _("A unit is required"),
        "accepted": _("Accepted answers"),
        "patterns": _("Accepted patterns"),
        "case": _("Capital letters matter"),
        "spaces": _("Spaces matter"),
        "manual": _("A person looks at what is not accepted"),
        "lines": _("Lines to write in"),
        "language": _("Language"),
        "mode": _("How programs are tested"),
        "function": _("Function"),
        "starter": _("Program to start from"),
        "solution": _("Solution"),
        "cpu_seconds": _("Seconds of computing time for each test"),
    }
