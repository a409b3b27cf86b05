"""Create, change and remove a language together with the course that is its path."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import LanguageChanged
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.actions.authoring.note_removal import note_removal
from codezest.services.learning.policies.authoring import access_language_as_admin
from codezest.services.learning.repository import flush_named
from codezest.services.learning.rules import slug_of
from codezest.services.learning.schemas.authoring import LanguageChange, NewLanguage
from codezest_db.enums import CourseKind, PublicationStatus, Role
from codezest_db.ids import uuid7
from codezest_db.models.learning import Course, ProgrammingLanguage
from codezest_db.views import public_users

LANGUAGE_COLUMNS = frozenset({"name", "slug", "description", "icon", "difficulty", "runtime", "is_active", "position"})
PATH_COLUMNS = {
    "title": "title",
    "slug": "slug",
    "subtitle": "subtitle",
    "long_description": "description",
    "difficulty": "level",
    "category": "category",
    "tags": "tags",
    "spoken_language": "spoken_language",
    "instructor_user_id": "instructor_user_id",
    "status": "status",
}


async def create_language(session: AsyncSession, actor: Actor, new: NewLanguage) -> str:
    """Create a language and its path, as a draft unless told otherwise; returns its slug.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        SlugTaken, ValidationFailed: as they say.
    """
    actor.require_admin()
    columns = new.columns()
    slug = columns.setdefault("slug", slug_of(new.name))
    if not slug:
        raise ValidationFailed.of("slug", _("Nothing of the name can stand in an address. Give an address yourself."))
    columns.setdefault("title", f"Learn {new.name}"[:200])
    await _check_instructor(session, columns)
    language = ProgrammingLanguage(id=uuid7(), **_of_language(columns))
    session.add(language)
    await flush_named(session)
    course = Course(id=uuid7(), kind=CourseKind.PATH, language_id=language.id, **_of_path(columns))
    _note_publication(course)
    session.add(course)
    await flush_named(session)
    await _tell(session, actor, language)
    return slug


async def change_language(session: AsyncSession, actor: Actor, slug: str, change: LanguageChange) -> str:
    """Change what is named; returns the slug it has then.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_language_as_admin`.
        SlugTaken, ValidationFailed: as they say.
    """
    language, course = await access_language_as_admin(session, actor, slug)
    columns = change.columns()
    await _check_instructor(session, columns)
    for name, value in _of_language(columns).items():
        setattr(language, name, value)
    for name, value in _of_path(columns).items():
        setattr(course, name, value)
    _note_publication(course)
    await flush_named(session)
    await _tell(session, actor, language)
    return language.slug


async def _tell(session: AsyncSession, actor: Actor, language: ProgrammingLanguage) -> None:
    await publish(
        session,
        LanguageChanged(
            actor_user_id=actor.require_user(),
            language_id=language.id,
            name=language.name,
            is_active=language.is_active,
        ),
    )


async def remove_language(session: AsyncSession, actor: Actor, slug: str) -> None:
    """Mark a language and its path as deleted. What learners achieved is kept.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_language_as_admin`.
    """
    language, course = await access_language_as_admin(session, actor, slug)
    language.deleted_at = course.deleted_at = now()
    await session.flush()
    await note_removal(session, actor, language)


async def restore_language(session: AsyncSession, actor: Actor, language_id: UUID) -> None:
    """Bring a deleted language back together with its path; doing it twice changes nothing.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        NotFound: there is none.
        SlugTaken: another language, or another course, has its name or its address now.
    """
    actor.require_admin()
    language = await session.scalar(
        select(ProgrammingLanguage).where(ProgrammingLanguage.id == language_id).with_for_update(key_share=True)
    )
    if language is None:
        raise NotFound
    if language.deleted_at is None:
        return
    course = await session.scalar(
        select(Course)
        .where(Course.language_id == language.id, Course.kind == CourseKind.PATH)
        .order_by(Course.deleted_at.desc())
        .limit(1)
        .with_for_update(key_share=True)
    )
    language.deleted_at = None
    if course is not None:
        course.deleted_at = None
    await flush_named(session)
    await note_removal(session, actor, language)


def _of_language(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name in LANGUAGE_COLUMNS}


def _of_path(columns: dict[str, Any]) -> dict[str, Any]:
    return {PATH_COLUMNS[name]: value for name, value in columns.items() if name in PATH_COLUMNS}


def _note_publication(course: Course) -> None:
    if course.status is PublicationStatus.PUBLISHED and course.published_at is None:
        course.published_at = now()


async def _check_instructor(session: AsyncSession, columns: dict[str, Any]) -> None:
    """Refuse an instructor who is none.

    Raises:
        ValidationFailed: there is no such user, or one who teaches nothing.
    """
    user_id = columns.get("instructor_user_id")
    if user_id is None:
        return
    role = await session.scalar(
        select(public_users.c.role).where(public_users.c.id == user_id, public_users.c.display_name.is_not(None))
    )
    if role not in {Role.INSTRUCTOR, Role.ADMIN}:
        raise ValidationFailed.of("instructor_user_id", _("This is no instructor."))
