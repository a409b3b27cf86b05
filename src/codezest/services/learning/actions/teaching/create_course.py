"""Begin a course."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseCreated
from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.repository import flush_named
from codezest.services.learning.rules import slug_of
from codezest.services.learning.schemas.teaching import NewCourse
from codezest_db.enums import CourseKind
from codezest_db.ids import uuid7
from codezest_db.models.learning import Course, ProgrammingLanguage

MOST_ALIKE = 1_000
"""Courses of one title that get an address without being asked for one."""


async def create_course(session: AsyncSession, actor: Actor, new: NewCourse) -> UUID:
    """Create a course of the caller's own, as a draft; returns its id.

    An address that is not given is made of the title, with a number behind it where another course has it.

    Raises:
        Unauthenticated, Forbidden: the caller is no author.
        SlugTaken, ValidationFailed: as they say.
    """
    user_id = actor.require_author()
    columns = new.columns()
    if "slug" not in columns:
        columns["slug"] = await free_slug(session, new.title)
    await resolve_language(session, columns)
    course = Course(id=uuid7(), kind=CourseKind.COURSE, instructor_user_id=user_id, **columns)
    session.add(course)
    await flush_named(session)
    await publish(
        session, CourseCreated(actor_user_id=user_id, course_id=course.id, source_course_id=None, title=course.title)
    )
    return course.id


async def free_slug(session: AsyncSession, title: str) -> str:
    """An address that no live course has, made of a title.

    Raises:
        ValidationFailed: nothing of the title can stand in an address.
    """
    wanted = slug_of(title)
    if not wanted:
        raise ValidationFailed.of(
            "slug", _("Nothing of the title can stand in an address. Give one, such as my-course.")
        )
    stem = wanted[:74].rstrip("-")
    taken = set(
        await session.scalars(
            select(Course.slug)
            .where(Course.slug.startswith(stem, autoescape=True), Course.deleted_at.is_(None))
            .limit(MOST_ALIKE)
        )
    )
    numbered = (f"{stem}-{number}" for number in range(2, MOST_ALIKE + 2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


async def resolve_language(session: AsyncSession, columns: dict[str, Any]) -> None:
    """Replace `language_slug` by `language_id`, where it was sent.

    Raises:
        ValidationFailed: there is no such language.
    """
    if "language_slug" not in columns:
        return
    slug = columns.pop("language_slug")
    columns["language_id"] = None
    if slug is None:
        return
    columns["language_id"] = await session.scalar(
        select(ProgrammingLanguage.id).where(ProgrammingLanguage.slug == slug, ProgrammingLanguage.deleted_at.is_(None))
    )
    if columns["language_id"] is None:
        raise ValidationFailed.of("language_slug", _("There is no such programming language."))
