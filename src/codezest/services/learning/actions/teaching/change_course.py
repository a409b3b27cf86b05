"""Change what a course says of itself."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CoursePriceChanged
from codezest.kit.actor import Actor
from codezest.kit.errors import Forbidden, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.actions.authoring.check_revision import check_revision
from codezest.services.learning.actions.teaching.create_course import resolve_language
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.repository import flush_named
from codezest.services.learning.schemas.teaching import CourseChange
from codezest_db.enums import CourseKind
from codezest_db.models.learning import Course

OF_PATHS_LANGUAGE = frozenset({"slug", "language_id", "price_minor", "currency"})
"""What the language decides where the course is its path."""


async def change_course(session: AsyncSession, actor: Actor, course_id: UUID, change: CourseChange) -> None:
    """Change what is named. What it costs, its owner alone changes.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        ContentChangedElsewhere: the change names a revision that is no longer the newest.
        SlugTaken, ValidationFailed: as they say.
    """
    course = await access_course_to_change(session, actor, course_id)
    columns = change.columns()
    await check_revision(session, Course, course_id, change.revision)
    await resolve_language(session, columns)
    changed = {name: value for name, value in columns.items() if getattr(course, name) != value}
    _check_path(course, changed)
    if changed.keys() & {"price_minor", "currency"}:
        await _change_price(session, actor, course, changed)
    for name, value in changed.items():
        setattr(course, name, value)
    await flush_named(session)


def _check_path(course: Course, changed: dict[str, object]) -> None:
    if course.kind is not CourseKind.PATH:
        return
    for name in sorted(OF_PATHS_LANGUAGE & changed.keys()):
        field = "language_slug" if name == "language_id" else name
        raise ValidationFailed.of(field, _("This is the path of a language, which decides that itself."))


async def _change_price(session: AsyncSession, actor: Actor, course: Course, changed: dict[str, object]) -> None:
    try:
        await access_course_to_change(session, actor, course.id, Permission.OWN)
    except Forbidden as error:
        raise Forbidden(_("Only the owner changes what the course costs.")) from error
    await publish(
        session,
        CoursePriceChanged(
            actor_user_id=actor.require_user(),
            course_id=course.id,
            former_price_minor=course.price_minor,
            former_currency=course.currency,
            price_minor=int(str(changed.get("price_minor", course.price_minor))),
            currency=str(changed.get("currency", course.currency)),
        ),
    )
