"""Make a course anew from another one: everything that was written, nobody who learned it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import case, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseCreated
from codezest.kit.actor import Actor
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import publish
from codezest.services.learning.actions.queue_question import check_changed_in
from codezest.services.learning.actions.teaching.copy_rows import Copy
from codezest.services.learning.actions.teaching.copy_uploads import copy_uploads, mend_addresses
from codezest.services.learning.actions.teaching.create_course import free_slug
from codezest.services.learning.policies.authoring import access_course_to_change
from codezest.services.learning.repository import flush_named
from codezest_db.enums import CourseKind, MaterialType, PublicationStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    CoursePrerequisite,
    Material,
    Module,
    ModulePrerequisite,
    Option,
    Question,
    Quiz,
    Rubric,
)

OWN = frozenset(
    [
        "id",
        "kind",
        "slug",
        "title",
        "status",
        "instructor_user_id",
        "published_at",
        "enrollment_count",
        "rating_average",
        "rating_count",
        "rating_counts",
        "content_revision",
        "created_at",
        "updated_at",
        "deleted_at",
    ]
)
"""Columns of a course that its copy has for itself."""


async def duplicate_course(session: AsyncSession, actor: Actor, course_id: UUID, *, title: str | None = None) -> UUID:
    """Copy a course, or a language's path, into a draft of the caller's own; returns its id. Items keep their state, so that
    one step publishes all; there are no learners, no staff and no reviews.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; the caller is no author.
    """
    user_id = actor.require_author()
    source = await access_course_to_change(session, actor, course_id)
    name = title or (_("Copy of %(title)s") % {"title": source.title})[:200]
    course = Course(
        **{column.key: getattr(source, column.key) for column in Course.__table__.columns if column.key not in OWN},
        id=uuid7(),
        kind=CourseKind.COURSE,
        slug=await free_slug(session, name),
        title=name,
        instructor_user_id=user_id,
    )
    session.add(course)
    await flush_named(session)
    copy = Copy(session, source.id, course.id)
    for copier in COPIERS:
        await copier(copy)
    await check_changed_in(session, course.id)
    await publish(
        session,
        CourseCreated(actor_user_id=user_id, course_id=course.id, source_course_id=source.id, title=course.title),
    )
    return course.id


async def copy_modules(copy: Copy) -> None:
    await copy.rows(Module, parent="course_id", among={copy.course_id: copy.new_course_id})


async def copy_prerequisites(copy: Copy) -> None:
    modules = copy.of(Module)
    rows = await copy.session.execute(
        select(ModulePrerequisite.module_id, ModulePrerequisite.prerequisite_id).where(
            ModulePrerequisite.module_id.in_(list(modules)), ModulePrerequisite.prerequisite_id.in_(list(modules))
        )
    )
    edges = [
        {"module_id": modules[row.module_id], "prerequisite_id": modules[row.prerequisite_id]} for row in rows.all()
    ]
    if edges:
        await copy.session.execute(insert(ModulePrerequisite), edges)


async def copy_course_prerequisites(copy: Copy) -> None:
    await copy.session.execute(
        insert(CoursePrerequisite).from_select(
            ["course_id", "prerequisite_id"],
            select(literal(copy.new_course_id), CoursePrerequisite.prerequisite_id).where(
                CoursePrerequisite.course_id == copy.course_id
            ),
        )
    )


async def copy_quizzes(copy: Copy) -> None:
    await copy.rows(Quiz, parent="module_id", among=copy.of(Module))


async def copy_questions(copy: Copy) -> None:
    await copy.rows(Question, parent="quiz_id", among=copy.of(Quiz))


async def copy_bank(copy: Copy) -> None:
    await copy.rows(Question, parent="course_id", among={copy.course_id: copy.new_course_id})


async def copy_options(copy: Copy) -> None:
    await copy.rows(Option, parent="question_id", among=copy.of(Question))


async def copy_materials(copy: Copy) -> None:
    quizzes = copy.of(Quiz)
    lost = (Material.type == MaterialType.QUIZ) & Material.quiz_id.not_in(list(quizzes))
    await copy.rows(
        Material,
        parent="module_id",
        among=copy.of(Module),
        references={"quiz_id": quizzes},
        # What showed a quiz that was deleted has none to show.
        values={"status": case((lost, literal(PublicationStatus.DRAFT.value)), else_=Material.status)},
    )


async def copy_rubrics(copy: Copy) -> None:
    await copy.rows(Rubric, parent="course_id", among={copy.course_id: copy.new_course_id}, itself="replaces_id")


async def copy_assignments(copy: Copy) -> None:
    await copy.rows(Assignment, parent="module_id", among=copy.of(Module), references={"rubric_id": copy.of(Rubric)})


async def copy_tests(copy: Copy) -> None:
    await copy.rows(AssignmentTest, parent="assignment_id", among=copy.of(Assignment))


COPIERS: tuple[Callable[[Copy], Awaitable[None]], ...] = (
    copy_modules,
    copy_prerequisites,
    copy_course_prerequisites,
    copy_quizzes,
    copy_questions,
    copy_bank,
    copy_options,
    copy_uploads,
    copy_materials,
    copy_rubrics,
    copy_assignments,
    copy_tests,
    mend_addresses,
)
"""One for each kind of thing that a course has; each finds in `copy.of` what became of those before it."""
