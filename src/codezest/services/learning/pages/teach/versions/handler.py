"""What was written in a course before: its timeline, two versions side by side, and the way back to one."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.versions.restore_version import restore_version
from codezest.services.learning.line_diff import compare_programs
from codezest.services.learning.pages.prose import plain_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.versions import texts_of, version, versions_of_course
from codezest.services.learning.routes.exports import export_answer
from codezest_db.enums import VersionKind, VersionSource

router = page_router()


@router.get("/teach/courses/{course_id}/versions")
async def timeline(
    context: Context,
    course_id: UUID,
    subject: UUID | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    """Newest first; of everything, or of one thing."""
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.AUTHOR)
    found = await versions_of_course(pool, course_id, subject_id=subject, cursor=cursor)
    base = f"/teach/courses/{course_id}/versions"
    of_subject = {"subject": str(subject)} if subject else {}
    following = f"{base}?{urlencode({**of_subject, 'cursor': found.next_cursor})}" if found.next_cursor else None
    return context.page(
        "learning/pages/teach/versions/template.html",
        **frame(course, "versions"),
        found=found.items,
        base=base,
        subject=subject,
        first=f"{base}?{urlencode(of_subject)}" if cursor else None,
        following=following,
        kind_text=kind_text,
        title_text=title_text,
        source_text=source_text,
    )


@router.get("/teach/courses/{course_id}/export")
async def export(context: Context, course_id: UUID) -> Response:
    """The course as the files of a content folder, in a ZIP."""
    return await export_answer(context, course_id)


@router.get("/teach/versions/{version_id}")
async def compare(context: Context, version_id: UUID, old: UUID | None = None) -> HTMLResponse:
    """A version beside an earlier one of the same thing: the one before, unless another is asked for."""
    return await _comparison(context, version_id, old)


@router.post("/teach/versions/{version_id}/restore")
async def restore(
    context: Context, version_id: UUID, latest_digest: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Make it what it was."""
    try:
        async with context.database.write("learning") as session:
            course_id, title = await restore_version(
                session, context.actor, version_id, latest_digest=latest_digest or None
            )
    except AppError as error:
        return await _comparison(context, version_id, None, problem=shown_here(error))
    message = _("%(title)s is what it was.") % {"title": title}
    return context.redirect(f"/teach/courses/{course_id}/versions", flash=message)


async def _comparison(
    context: RequestContext, version_id: UUID, old_id: UUID | None, *, problem: AppError | None = None
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course, new = await version(pool, context.actor, version_id)
    old = None
    if wanted := old_id or new.previous_id:
        _course, old = await version(pool, context.actor, wanted)
        if old.subject_id != new.subject_id:
            raise NotFound
    others = await versions_of_course(pool, course.id, subject_id=new.subject_id)
    compared = compare_programs(texts_of(old.snapshot) if old else {}, texts_of(new.snapshot))
    return context.page(
        "learning/pages/teach/versions/compare.html",
        status=problem.status if problem else 200,
        **frame(course, "versions"),
        old=old,
        new=new,
        choices=[
            (str(one.id), _("Version %(number)s") % {"number": one.number}) for one in others.items if one.id != new.id
        ],
        fields=[field for field in compared if field.kind != "same"],
        problem=problem.detail if problem else None,
        base=f"/teach/courses/{course.id}/versions",
        kind_text=kind_text,
        title_text=title_text,
        source_text=source_text,
    )


def title_text(kind: VersionKind, title: str) -> str:
    """What it was called; of a question, the beginning of its text, which is Markdown."""
    return plain_text(title) if kind is VersionKind.QUESTION else title


def kind_text(kind: VersionKind) -> str:
    return {
        VersionKind.COURSE: _("Course"),
        VersionKind.MODULE: _("Chapter"),
        VersionKind.MATERIAL: _("Lesson"),
        VersionKind.ASSIGNMENT: _("Assignment"),
        VersionKind.QUIZ: _("Quiz"),
        VersionKind.QUESTION: _("Question"),
    }[kind]


def source_text(source: VersionSource) -> str:
    return {
        VersionSource.EDITED: _("Written"),
        VersionSource.FILES: _("From files"),
        VersionSource.RESTORED: _("Restored"),
    }[source]
