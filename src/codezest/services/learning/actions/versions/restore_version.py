"""Write an earlier version of something again, as its newest one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import Conflict
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.check_kind import check_assignment, revise
from codezest.services.learning.actions.authoring.check_ready import check_question, check_ready
from codezest.services.learning.actions.queue_question import check_changed_in, check_if_changed
from codezest.services.learning.content.stored import decoded, storable
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.policies.authoring import access_authored, access_course_to_change
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.policies.writer import name_source
from codezest.services.learning.repository import tests_of
from codezest_db.enums import VersionKind, VersionSource
from codezest_db.ids import uuid7
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    Material,
    Module,
    ModulePrerequisite,
    Option,
    Question,
    Quiz,
    Upload,
    Version,
)

MODELS: Mapping[VersionKind, type[Any]] = {
    VersionKind.COURSE: Course,
    VersionKind.MODULE: Module,
    VersionKind.MATERIAL: Material,
    VersionKind.ASSIGNMENT: Assignment,
    VersionKind.QUIZ: Quiz,
    VersionKind.QUESTION: Question,
}
KEPT = frozenset(
    [
        *("status", "slug", "enrollment_policy", "analysis_policy"),
        *("grade_scale", "regrade_days", "graded_by_hand", "anonymous_grading", "hold_grades", "rubric_id"),
        *("price_minor", "currency"),
    ]
)
"""What restoring leaves alone: whether and where learners find it, what is settled on pages of its own, and what it costs,
which is the owner's alone.
"""
FILES = frozenset({"video_key", "image_key", "file_key", "captions_url"})
_UPLOAD = re.compile(r"/?uploads/([0-9a-f-]{36})")


async def restore_version(
    session: AsyncSession, actor: Actor, version_id: UUID, *, latest_digest: str | None = None
) -> tuple[UUID, str]:
    """Make its subject what it was; returns the course's id and the title. What learners handed in stays as it is.

    Raises:
        Unauthenticated, Forbidden, NotFound: the caller does not write the course, or the subject is deleted.
        ContentChangedElsewhere: the subject is no longer what `latest_digest` names.
        NotReady, ValidationFailed: learners see it, and it would lack something.
    """
    await access_course_of(await driver_connection(session), actor, "version", version_id, Permission.AUTHOR)
    version = await session.get_one(Version, version_id)
    row = await _locked(session, actor, version)
    newest = await session.scalar(
        select(Version.digest).where(Version.subject_id == version.subject_id).order_by(Version.number.desc()).limit(1)
    )
    if latest_digest is not None and newest != latest_digest:
        raise ContentChangedElsewhere(str(newest))
    await name_source(session, VersionSource.RESTORED)
    snapshot = version.snapshot
    with session.no_autoflush:
        await _fill(session, row, snapshot)
    await session.flush()
    match row:
        case Module():
            await _restore_prerequisites(session, row, snapshot.get("prerequisites", []))
        case Assignment():
            await _restore_tests(session, row, snapshot.get("tests", []))
            await check_ready(session, row)
        case Quiz():
            await _restore_questions(session, row, snapshot.get("questions", []))
            await check_ready(session, row)
            await check_changed_in(session, version.course_id)
        case Question():
            await _restore_options(session, row.id, snapshot.get("options", []))
            await check_question(session, row)
            await check_if_changed(session, row)
        case Material():
            await check_ready(session, row)
        case _:
            pass
    return version.course_id, version.title


async def _locked(session: AsyncSession, actor: Actor, version: Version) -> Any:
    if version.kind is VersionKind.COURSE:
        return await access_course_to_change(session, actor, version.subject_id)
    return (await access_authored(session, actor, MODELS[version.kind], version.subject_id)).row


async def _fill(session: AsyncSession, row: Any, snapshot: Mapping[str, Any]) -> None:
    """Set the columns that a snapshot names. One that came since then, or has gone since, is left as it is."""
    columns = {**storable(type(row)), **{name: row.__table__.c[name] for name in ("title",) if name in row.__table__.c}}
    for name, column in columns.items():
        if name not in snapshot or name in KEPT:
            continue
        value = decoded(column, snapshot[name])
        if value is not None and value != getattr(row, name) and await _is_gone(session, name, column, value):
            raise Conflict(_("What this version showed is gone; it cannot be restored."))
        if getattr(row, name) != value:
            setattr(row, name, value)


async def _is_gone(session: AsyncSession, name: str, column: Any, value: Any) -> bool:
    """Whether a column names a quiz, or a file of ours, that is no longer there."""
    if name == "quiz_id":
        target = next(iter(column.foreign_keys)).column.table
        return await session.scalar(select(target.c.id).where(target.c.id == value)) is None
    upload = _UPLOAD.fullmatch(str(value)) if name in FILES else None
    if upload is None:
        return False
    # Nobody deletes it before this transaction has ended.
    found = select(Upload.id).where(Upload.id == UUID(upload[1])).with_for_update(read=True, key_share=True)
    return await session.scalar(found) is None


async def _restore_prerequisites(session: AsyncSession, module: Module, wanted: Sequence[str]) -> None:
    """Those that still are modules of the course, and do not wait for this one by now."""
    known = set(
        await session.scalars(
            select(Module.id).where(
                Module.course_id == module.course_id,
                Module.deleted_at.is_(None),
                Module.position < module.position,
                Module.id.in_([UUID(one) for one in wanted]),
            )
        )
    )
    of_module = ModulePrerequisite.module_id == module.id
    present = set(await session.scalars(select(ModulePrerequisite.prerequisite_id).where(of_module)))
    gone = present - {UUID(one) for one in wanted}
    if gone:
        await session.execute(delete(ModulePrerequisite).where(of_module, ModulePrerequisite.prerequisite_id.in_(gone)))
    session.add_all(ModulePrerequisite(module_id=module.id, prerequisite_id=one) for one in known - present)
    await session.flush()


async def _restore_tests(session: AsyncSession, assignment: Assignment, wanted: Sequence[Mapping[str, Any]]) -> None:
    await session.execute(delete(AssignmentTest).where(AssignmentTest.assignment_id == assignment.id))
    for values in wanted:
        test = AssignmentTest(id=uuid7(), assignment_id=assignment.id, position=values["position"])
        for name, column in storable(AssignmentTest).items():
            if name in values:
                setattr(test, name, decoded(column, values[name]))
        session.add(test)
    await session.flush()
    check_assignment(assignment, await tests_of(session, assignment))
    await revise(session, assignment)


async def _restore_questions(session: AsyncSession, quiz: Quiz, wanted: Sequence[Mapping[str, Any]]) -> None:
    """By their ids, so that answers stay with the questions they were given to."""
    present = {row.id: row for row in await session.scalars(select(Question).where(Question.quiz_id == quiz.id))}
    asked = {UUID(values["id"]): values for values in wanted}
    for identity, row in present.items():
        if identity not in asked and row.deleted_at is None:
            row.deleted_at = now()
    for identity, values in asked.items():
        question = present.get(identity)
        if question is None:
            continue  # nobody erases questions; what is not here belongs elsewhere by now
        question.deleted_at, question.position = None, values["position"]
        await _fill(session, question, values)
        await _restore_options(session, identity, values.get("options", []))
    await session.flush()


async def _restore_options(session: AsyncSession, question: UUID, wanted: Sequence[Mapping[str, Any]]) -> None:
    present = {row.id: row for row in await session.scalars(select(Option).where(Option.question_id == question))}
    offered = {UUID(values["id"]): values for values in wanted}
    for identity, row in present.items():
        if identity not in offered and row.deleted_at is None:
            row.deleted_at = now()
        elif identity in offered:
            row.deleted_at, row.position = None, offered[identity]["position"]
            await _fill(session, row, offered[identity])
    await session.flush()
