"""The first file of a tree, and what its items refer to: rubrics and uploaded files."""

from codezest.services.learning.content.export_items import stored_of
from codezest.services.learning.content.export_rows import CourseRows
from codezest.services.learning.content.export_text import Table, given
from codezest.services.learning.content.stored import STORED, encoded, storable
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Rubric, Upload


def course_table(rows: CourseRows, modules: list[str]) -> Table:
    course = rows.course
    status = course.status.value if course.status is not PublicationStatus.ARCHIVED else None
    return given(
        lenient=True,
        uuid=str(course.id),
        title=course.title,
        slug=course.slug,
        subtitle=course.subtitle,
        description=course.description,
        language=rows.language.slug if rows.language else None,
        runtime=rows.language.runtime if rows.language and rows.language.runtime else None,
        level=course.level.value,
        category=course.category,
        tags=list(course.tags) or None,
        spoken_language=course.spoken_language,
        price_minor=course.price_minor or None,
        currency=course.currency,
        status=status,
        requires=list(rows.requires) or None,
        modules=modules,
    )


def language_table(rows: CourseRows, modules: list[str], path: Table) -> Table:
    """Fills ``path`` as well, the table of the language's course."""
    language, course = rows.language, rows.course
    assert language is not None
    path |= given(
        uuid=str(course.id),
        title=course.title,
        subtitle=course.subtitle,
        description=course.description,
        category=course.category,
        tags=list(course.tags) or None,
        spoken_language=course.spoken_language,
    )
    return given(
        lenient=True,
        uuid=str(language.id),
        name=language.name,
        slug=language.slug,
        description=language.description,
        icon=language.icon,
        difficulty=language.difficulty.value,
        runtime=language.runtime,
        position=language.position or None,
        active=None if language.is_active else False,
        requires=list(rows.requires) or None,
        modules=modules,
        path=path,
    )


def rubric_table(row: Rubric) -> Table:
    return _attached(row) | {"title": row.title}


def upload_table(row: Upload) -> Table:
    return _attached(row)


def _attached(row: Rubric | Upload) -> Table:
    columns = {name: column for name, column in storable(type(row)).items() if name not in UNSAID}
    return given(uuid=str(row.id), **{STORED: stored_of(row, {}, columns, encoded)})


UNSAID = frozenset({"user_id", "created_by", "replaces_id", "title"})
"""Who sent or wrote it, and what came before."""
