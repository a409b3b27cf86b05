"""Write a course that came in as files, in one transaction; a preview does the same and takes it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseCreated, CoursePriceChanged
from codezest.kit.actor import Actor
from codezest.kit.outbox import publish
from codezest.services.learning.actions.authoring.check_ready import check_question, check_ready
from codezest.services.learning.actions.enrolling.set_prerequisites import find_prerequisites, replace_prerequisites
from codezest.services.learning.actions.enrolling.write_rules import announce_rules
from codezest.services.learning.actions.teaching.create_course import free_slug
from codezest.services.learning.actions.uploads.accept import MEGABYTE
from codezest.services.learning.content.adopt import Adopted
from codezest.services.learning.content.columns import course_columns
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.content.report import SyncReport, Thing
from codezest.services.learning.content.sync import Synchronisation
from codezest.services.learning.errors import NotReady
from codezest_db.enums import CourseKind, MaterialType, PublicationStatus
from codezest_db.models.learning import (
    Assignment,
    Course,
    CoursePrerequisite,
    Import,
    Material,
    ProgrammingLanguage,
    Question,
    Quiz,
    Upload,
)

ADDRESS = frozenset({"slug", "status", "kind"})
"""What a course keeps: its address, and whether it is offered."""
PRICE = frozenset({"price_minor", "currency"})
OF_PATHS_LANGUAGE = frozenset({"language_id", "enrollment_policy", *PRICE})
MODELS: Mapping[str, type[Material] | type[Assignment] | type[Quiz]] = {
    "MATERIAL": Material,
    "ASSIGNMENT": Assignment,
    "QUIZ": Quiz,
}
_WORK = text("""
SELECT s.assignment_id AS id, count(*) AS number FROM learning.submissions s
WHERE s.assignment_id = ANY (:ids) GROUP BY s.assignment_id
UNION ALL
SELECT s.quiz_id, count(*) FROM learning.quiz_attempts s WHERE s.quiz_id = ANY (:ids) GROUP BY s.quiz_id
""")


@dataclass(slots=True)
class Outcome:
    """What was written, what to know about it, and why it cannot stay."""

    report: SyncReport
    warnings: list[dict[str, Any]]
    problems: list[Problem] = field(default_factory=list[Problem])
    work: dict[UUID, int] = field(default_factory=dict[UUID, int])
    """How many submissions or attempts there are, of what is removed."""
    requires: tuple[list[str], list[str]] | None = None
    """Titles of the courses to complete before, as they were and as they become, where they change."""


async def carry_out(
    session: AsyncSession, actor: Actor, found: Import, adopted: Adopted, uploads: Sequence[Upload], *, limit_mb: int
) -> Outcome:
    """Make the course of an import what the files say. The row of a course that is there is locked by the caller.

    Args:
        session: of one transaction.
        actor: who sent it, as they may do now.
        found: the import.
        adopted: what the files say.
        uploads: the rows of the files that come with it.
        limit_mb: what the files of a course may take.

    Raises:
        DBAPIError: a value is none that the database takes.
    """
    writing = Synchronisation(session, by_author=True)
    outcome = Outcome(writing.report, list(adopted.warnings))
    course = await _course(session, found, adopted, outcome)
    if not await _has_room(session, course.id, uploads, limit_mb=limit_mb):
        outcome.problems.append(Problem("uploads", None, f"the files of a course may take {limit_mb} MB together"))
    session.add_all(one for one in uploads if one.parent_id is None)
    await session.flush()
    session.add_all(one for one in uploads if one.parent_id is not None)
    await session.flush()
    if uploads:
        writing.report.things.append(Thing(kind="FILES", id=course.id, title="", outcome="CREATED"))
    await writing.inside(replace(adopted.tree, requires=()), course.id)
    await _check(session, outcome)
    if any(one.kind == "BANK" for one in writing.report.things):
        outcome.problems += await check_bank(session, course.id)
    await _require(session, actor, course, adopted, outcome)
    removed = [one.id for one in writing.report.things if one.outcome == "REMOVED"]
    if removed:
        rows = await session.execute(_WORK, {"ids": removed})
        outcome.work = {row.id: row.number for row in rows.all()}
    return outcome


async def _course(session: AsyncSession, found: Import, adopted: Adopted, outcome: Outcome) -> Course:
    """The row of the course, written."""
    tree = adopted.tree
    language = await session.scalar(
        select(ProgrammingLanguage.id).where(
            ProgrammingLanguage.slug == tree.language_slug, ProgrammingLanguage.deleted_at.is_(None)
        )
    )
    if tree.language_slug and language is None:
        outcome.warnings.append({"code": "language-unknown", "name": tree.language_slug})
    columns = {name: value for name, value in course_columns(tree, language).items() if name not in ADDRESS}
    if found.course_id is None:
        course = Course(
            id=found.target_id,
            kind=CourseKind.COURSE,
            status=PublicationStatus.DRAFT,
            slug=await free_slug(session, tree.slug),
            instructor_user_id=found.user_id,
            **columns,
        )
        session.add(course)
        await session.flush()
        outcome.report.things.append(Thing(kind="COURSE", id=course.id, title=course.title, outcome="CREATED"))
        told = CourseCreated(
            actor_user_id=found.user_id, course_id=course.id, source_course_id=None, title=course.title
        )
        await publish(session, told)
        return course
    course = await session.get_one(Course, found.course_id)
    changed = {name: value for name, value in columns.items() if getattr(course, name) != value}
    if course.kind is CourseKind.PATH:
        changed = {name: value for name, value in changed.items() if name not in OF_PATHS_LANGUAGE}
    if changed.keys() & PRICE and not found.by_owner:
        outcome.warnings.append({"code": "price-kept"})
        changed = {name: value for name, value in changed.items() if name not in PRICE}
    price, currency = course.price_minor, course.currency
    for name, value in changed.items():
        setattr(course, name, value)
    if changed:
        await session.flush()
        outcome.report.things.append(Thing(kind="COURSE", id=course.id, title=course.title, outcome="CHANGED"))
    if changed.keys() & PRICE:
        told_price = CoursePriceChanged(
            actor_user_id=found.user_id,
            course_id=course.id,
            former_price_minor=price,
            former_currency=currency,
            price_minor=course.price_minor,
            currency=course.currency,
        )
        await publish(session, told_price)
    return course


async def _require(session: AsyncSession, actor: Actor, course: Course, adopted: Adopted, outcome: Outcome) -> None:
    """The courses to complete before, as far as they are here and the sender may name them. Hand-written files that say
    nothing of them leave them as they are.
    """
    tree = adopted.tree
    if "requires" in tree.unnamed:
        return
    of_course = (
        select(Course.id, Course.title)
        .join(CoursePrerequisite, CoursePrerequisite.prerequisite_id == Course.id)
        .where(CoursePrerequisite.course_id == course.id, Course.deleted_at.is_(None))
        .order_by(Course.title, Course.id)
    )
    before = (await session.execute(of_course)).all()
    if not tree.requires and not before:
        return
    named = await find_prerequisites(session, actor, course.id, tree.requires)
    if named.unknown:
        outcome.warnings.append({"code": "requires-unknown", "names": named.unknown})
    if named.circular:
        outcome.warnings.append({"code": "requires-circular", "names": named.circular})
    if set(named.ids) == {row.id for row in before}:
        return
    await replace_prerequisites(session, course.id, named.ids)
    after = (await session.execute(of_course)).all()
    outcome.requires = [row.title for row in before], [row.title for row in after]
    things = outcome.report.things
    if not any(thing.kind == "COURSE" for thing in things):
        things.append(Thing(kind="COURSE", id=course.id, title=course.title, outcome="CHANGED"))
    await announce_rules(session, actor, course.id, "RULES", act="CHANGED")


async def _has_room(session: AsyncSession, course_id: UUID, uploads: Sequence[Upload], *, limit_mb: int) -> bool:
    coming = sum(one.size_bytes for one in uploads)
    used = await session.scalar(select(func.sum(Upload.size_bytes)).where(Upload.course_id == course_id)) or 0
    return not coming or int(used) + coming <= limit_mb * MEGABYTE


async def _check(session: AsyncSession, outcome: Outcome) -> None:
    """Whatever learners would see has what they need. What is new and lacks something waits as a draft."""
    for thing in outcome.report.things:
        model = MODELS.get(thing.kind)
        if model is None or thing.outcome == "REMOVED":
            continue
        row = await session.get_one(model, thing.id)
        lacks = await _lacks(session, row)
        if lacks and thing.outcome == "CREATED":
            row.status = PublicationStatus.DRAFT
            await session.flush()
            outcome.warnings.append({"code": "made-draft", "title": thing.title, "missing": lacks})
        elif lacks:
            outcome.problems.append(
                Problem(thing.title, None, f"it is published, and would lack what learners need: {'; '.join(lacks)}")
            )


async def _lacks(session: AsyncSession, row: Material | Assignment | Quiz) -> list[str]:
    if isinstance(row, Material) and row.type is MaterialType.QUIZ and row.quiz_id is None:
        return ["quiz"] if row.status is PublicationStatus.PUBLISHED else []
    try:
        await check_ready(session, row)
    except NotReady as error:
        return list(error.members["missing"])
    return []


async def check_bank(session: AsyncSession, course_id: UUID) -> list[Problem]:
    """Questions of the bank that could not be asked: whatever stands there may be drawn."""
    found: list[Problem] = []
    rows = await session.scalars(
        select(Question).where(Question.course_id == course_id, Question.deleted_at.is_(None)).order_by(Question.id)
    )
    for question in rows.all():
        try:
            await check_question(session, question)
        except NotReady as error:
            found.append(Problem("bank", None, f"“{question.text[:60]}” lacks {'; '.join(error.members['missing'])}"))
    return found
