"""Materials, quizzes and questions as the files of a module."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from codezest.services.learning.content.export_assignments import has_null, unless
from codezest.services.learning.content.export_text import Table, given
from codezest.services.learning.content.materials import POSTER_SUFFIXES, SOURCE_SUFFIX, VIDEO_SUFFIXES
from codezest.services.learning.content.one_question import MEDIA
from codezest.services.learning.questions.keys import KEYS
from codezest_db.enums import Difficulty, LatePolicy, MaterialType, PublicationStatus, QuestionType, Scoring
from codezest_db.models.learning import Assignment, Material, Module, Option, Question, Quiz

MEDIA_URL = "/media/"
PROGRAM_TYPES = frozenset({MaterialType.CODE_EXAMPLE, MaterialType.INTERACTIVE})


def heading(row: Module | Material | Assignment | Quiz) -> Table:
    """What every file of a course begins with."""
    return given(
        uuid=str(row.id),
        title=row.title,
        slug=row.slug,
        description=row.description,
        status=unless(row.status, PublicationStatus.PUBLISHED),
    )


def timing(row: Assignment | Quiz) -> Table:
    return given(
        available_from=row.available_from,
        available_until=row.available_until,
        due_at=row.due_at,
        late_policy=unless(row.late_policy, LatePolicy.NO_PENALTY),
        late_penalty_percent=row.late_penalty_percent or None,
        late_floor_percent=row.late_floor_percent or None,
    )


def material_table(row: Material, folder: str) -> Table:
    """The front matter; ``folder`` is what addresses of the course's media begin with."""
    table = heading(row) | given(type=row.type.value, duration_minutes=row.duration_minutes)
    if row.type is MaterialType.VIDEO:
        captions = (row.captions_url or "").removeprefix(MEDIA_URL)
        table |= given(
            video=_media(row.video_key, folder, VIDEO_SUFFIXES),
            captions=_media(captions, folder, (".vtt",)),
            poster=_media(row.image_key, folder, POSTER_SUFFIXES),
        )
    elif row.type in {MaterialType.PDF, MaterialType.DOCX}:
        table |= given(file=_media(row.file_key, folder, (f".{row.type.value.lower()}",)))
    return table


def material_files(row: Material, runtime: str) -> dict[str, str]:
    """The program and its input, by what follows the material's name."""
    if row.type not in PROGRAM_TYPES or row.code is None:
        return {}
    found = {SOURCE_SUFFIX.get(runtime, f".{runtime}"): row.code}
    beside = {".in": row.sample_input, ".out": row.sample_output}
    return found | {suffix: text for suffix, text in beside.items() if text is not None}


def relative_links(text: str, folder: str) -> str:
    """Markdown with the addresses of the course's media as authors write them."""
    return re.sub(rf"(\]\(<?){MEDIA_URL}{re.escape(folder)}/", r"\g<1>media/", text)


def quiz_table(row: Quiz) -> Table:
    return (
        heading(row)
        | given(
            passing_score=row.passing_score,
            time_limit_minutes=row.time_limit_minutes,
            attempt_limit=row.attempt_limit,
            shuffle=row.shuffle or None,
            shuffle_options=row.shuffle_options or None,
            draw_count=row.draw_count,
            scoring=unless(row.scoring, Scoring.ALL_OR_NOTHING),
            wrong_penalty_percent=row.wrong_penalty_percent or None,
        )
        | timing(row)
        | given(draw=[given(**draw) for draw in row.draws] or None)
    )


def question_table(row: Question, options: Sequence[Option], number: int) -> Table:
    fields = KEYS[row.type].model_fields if row.type in KEYS else {}
    key = {name: value for name, value in (row.answer_key or {}).items() if name in fields and value is not None}
    if has_null(key):  # which TOML has none of: `stored` says the whole key
        key = {}
    return given(
        key=f"question-{number}",
        uuid=str(row.id),
        type=row.type.value,
        text=row.text,
        explanation=row.explanation,
        topic=row.topic,
        difficulty=unless(row.difficulty, Difficulty.BEGINNER),
        points=None if row.points == 1 else row.points,
        **given(**{name: value for name, value in (row.media or {}).items() if name in MEDIA}),
        **key,
        options=[_option(option, place) for place, option in enumerate(options, start=1)] or _no_options(row),
    )


def _no_options(row: Question) -> list[Table] | None:
    """Without any, a question of true or false would get its two."""
    return [] if row.type is QuestionType.TRUE_FALSE else None


def _option(row: Option, number: int) -> Table:
    return given(key=f"option-{number}", uuid=str(row.id), text=row.text, is_correct=True if row.is_correct else None)


def module_table(row: Module, prerequisites: Sequence[UUID], earlier: Mapping[UUID, str], items: list[str]) -> Table:
    return heading(row) | given(
        syllabus=list(row.syllabus) or None,
        prerequisites=[earlier.get(one, str(one)) for one in prerequisites] or None,
        estimated_minutes=row.estimated_minutes,
        opens_at=row.opens_at,
        opens_after_days=row.opens_after_days,
        items=items,
    )


def _media(key: str | None, folder: str, suffixes: tuple[str, ...]) -> str | None:
    name = (key or "").removeprefix(f"{folder}/")
    return name if key and name != key and name.endswith(suffixes) and "/" not in name else None


def stored_of(row: Any, wanted: Mapping[str, Any], columns: Mapping[str, Any], encode: Any) -> Table:
    """Columns that say something else than what the files would make of them."""
    found: Table = {}
    for name, column in columns.items():
        value = getattr(row, name)
        if name in wanted:
            if wanted[name] != value:
                found[name] = encode(value)
        elif value != _default(column):
            found[name] = encode(value)
    return found


def _default(column: Any) -> Any:
    """What a row has in a column that nobody sets."""
    if column.server_default is None:
        return None
    text = str(column.server_default.arg).partition("::")[0].strip("'")
    return {"false": False, "true": True, "{}": {}, "[]": []}.get(text, int(text) if text.isdecimal() else text)
