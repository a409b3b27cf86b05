"""Write a course that came in as files, in one transaction; a preview does the same and takes it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import CourseCreated, CoursePriceChanged
from codezest.kit.outbox import publish
from codezest.services.learning.actions.authoring.check_ready import check_question, check_ready
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


async def carry_out(
    session: AsyncSession, found: Import, adopted: Adopted, uploads: Sequence[Upload], *, limit_mb: int
) -> Outcome:
    """Make the course of an import what the files say. The row of a course that is there is locked by the caller.

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
    # What to complete before is a rule of enrolment, which people set; see `change_rules`.
    if adopted.tree.requires and found.course_id is None:
        outcome.warnings.append({"code": "requires-left-out", "names": list(adopted.tree.requires)})
    await writing.inside(replace(adopted.tree, requires=()), course.id)
    await _check(session, outcome)
    if any(one.kind == "BANK" for one in writing.report.things):
        outcome.problems += await check_bank(session, course.id)
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
