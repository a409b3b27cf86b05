"""Stores what an export lists beside a tree's modules."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.content.model import AttachedContent, CourseContent, LanguageContent
from codezest_db.models.learning import Course, CoursePrerequisite, Rubric, Upload


async def store_attached(session: AsyncSession, tree: LanguageContent | CourseContent, course: UUID) -> bool:
    """Add the rubrics and files that the course lacks, and the courses to complete before it that are known here.

    Returns:
        whether any was added. One that is there stays as it is: work was graded by it, texts show it.
    """
    added = await _add(session, Rubric, tree.rubrics, course)
    parents = [upload for upload in tree.uploads if upload.columns.get("parent_id") is None]
    children = [upload for upload in tree.uploads if upload.columns.get("parent_id") is not None]
    added += await _add(session, Upload, parents, course)
    added += await _add(session, Upload, children, course)
    for slug in tree.requires:
        known = select(Course.id).where(Course.slug == slug, Course.deleted_at.is_(None), Course.id != course)
        prerequisite = await session.scalar(known)
        if prerequisite is not None:
            row = {"course_id": course, "prerequisite_id": prerequisite}
            inserted = insert(CoursePrerequisite).values(row).on_conflict_do_nothing()
            done: Any = await session.execute(inserted.returning(CoursePrerequisite.course_id))
            added += len(done.all())
    return added > 0


async def _add(
    session: AsyncSession, model: type[Rubric] | type[Upload], wanted: Sequence[AttachedContent], course: UUID
) -> int:
    if not wanted:
        return 0
    there = set(await session.scalars(select(model.id).where(model.id.in_([one.id for one in wanted]))))
    missing = [one for one in wanted if one.id not in there]
    session.add_all(model(id=one.id, course_id=course, **one.columns) for one in missing)
    await session.flush()
    return len(missing)
