"""Stores loaded content in the schema ``learning``: one way, and without effect when nothing has changed.

A row is found by its uuid and left alone while its ``content_revision`` is that of the files. What has gone from the folder
is marked as deleted, never removed, so that learners' work keeps what it refers to. Rows that were authored in the
browser have no revision and are never touched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from codezest.services.learning.content.columns import (
    Columns,
    assignment_columns,
    language_columns,
    material_columns,
    module_columns,
    path_columns,
    quiz_columns,
    quiz_revision,
    revision,
    test_columns,
)
from codezest.services.learning.content.model import (
    AssignmentContent,
    Item,
    LanguageContent,
    LoadedContent,
    MaterialContent,
    ModuleContent,
    QuizContent,
)
from codezest.services.learning.content.questions import store_questions
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    Material,
    Module,
    ModulePrerequisite,
    ProgrammingLanguage,
    Quiz,
)

PARKED = "moving"
"""The revision of a row that waits for its new slug; no files ever have it."""
LOCK = 0x5A455354
"""Two programs that start together synchronise one after the other."""

Revisioned = ProgrammingLanguage | Course | Module | Material | Assignment | Quiz
ITEMS: tuple[type[Material] | type[Assignment] | type[Quiz], ...] = (Material, Assignment, Quiz)


@dataclass(slots=True)
class SyncReport:
    """What a synchronisation did; names are slugs, such as ``python/functions/lambda-functions``."""

    created: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    unchanged: int = 0
    course_ids: set[UUID] = field(default_factory=set[UUID])
    """Courses in which a module or an item was created, changed or removed: their kept progress needs a refresh."""

    @property
    def summary(self) -> str:
        counts = (("created", self.created), ("changed", self.changed), ("removed", self.removed))
        return ", ".join([*(f"{len(names)} {verb}" for verb, names in counts), f"{self.unchanged} unchanged"])

    @property
    def lines(self) -> list[str]:
        """What to print: each thing that was created, changed or removed, then the summary."""
        named = (("created", self.created), ("changed", self.changed), ("removed", self.removed))
        return [*(f"{verb} {name}" for verb, names in named for name in names), self.summary]


async def sync(
    session: AsyncSession, content: LoadedContent, *, instructors: Mapping[str, UUID] | None = None
) -> SyncReport:
    """Make the database say what ``content`` says, within the caller's transaction, as the learning role.

    ``instructors`` maps e-mail addresses (``content.instructor_emails``) to users; the learning role cannot look them up.
    A path whose instructor is unknown keeps the one it has.
    """
    await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    synchronisation = _Synchronisation(session)
    for language in content.languages:
        await synchronisation.language(language, instructors or {})
    return synchronisation.report


class _Synchronisation:
    """One pass over the content, level by level: each level is flushed before the next refers to it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.report = SyncReport()

    async def language(self, language: LanguageContent, instructors: Mapping[str, UUID]) -> None:
        columns = language_columns(language)
        await self._store(ProgrammingLanguage, language.id, columns, revision(columns), name=language.slug)
        course = await self._path(language, instructors)
        places = {module.id: (course.id, module.slug) for module in language.modules}
        items = {item.id: (module.id, item.slug) for module in language.modules for item in module.items}
        await self._remove(language, course.id, set(places), set(items))
        await self._make_room(Module, Module.course_id, places)
        for model in ITEMS:
            await self._make_room(model, model.module_id, items)
        for module in language.modules:
            await self._module(module, course.id, f"{language.slug}/{module.slug}")

    async def _path(self, language: LanguageContent, instructors: Mapping[str, UUID]) -> Course:
        columns = path_columns(language)
        course = await self._store(
            Course, language.path.id, columns, revision(columns), name=f"{language.slug} (path)", publish=True
        )
        instructor = instructors.get(language.path.instructor_email or "")
        if instructor is not None and course.instructor_user_id is None:
            course.instructor_user_id = instructor
            await self._session.flush()
        return course

    async def _module(self, module: ModuleContent, course: UUID, name: str) -> None:
        columns = module_columns(module, course)
        prerequisites = sorted(module.prerequisites)
        before = self._touched
        await self._store(Module, module.id, columns, revision(columns, prerequisites), name=name)
        if self._touched > before:
            self.report.course_ids.add(course)
            await self._session.execute(delete(ModulePrerequisite).where(ModulePrerequisite.module_id == module.id))
            if prerequisites:
                rows = [{"module_id": module.id, "prerequisite_id": prerequisite} for prerequisite in prerequisites]
                await self._session.execute(insert(ModulePrerequisite), rows)
        before = self._touched
        for item in module.items:
            await self._item(item, module.id, f"{name}/{item.slug}")
        if self._touched > before:
            self.report.course_ids.add(course)

    async def _make_room(
        self, model: type[Any], parent: InstrumentedAttribute[UUID], places: Mapping[UUID, tuple[UUID, str]]
    ) -> None:
        """A slug is unique below its parent at every moment, and two rows may have swapped theirs.

        So whatever moves is parked first, under a slug that nobody wants, and marked for an update.
        """
        for row in await self._rows(model, model.id, places):
            if (getattr(row, parent.key), row.slug) != places[row.id]:
                row.slug = f"moving-{row.id.hex}"
                row.content_revision = PARKED
        await self._session.flush()

    async def _item(self, item: Item, module: UUID, name: str) -> None:
        if isinstance(item, MaterialContent):
            columns = material_columns(item, module)
            await self._store(Material, item.id, columns, revision(columns), name=name)
        elif isinstance(item, AssignmentContent):
            await self._assignment(item, module, name)
        else:
            await self._quiz(item, module, name)

    async def _assignment(self, assignment: AssignmentContent, module: UUID, name: str) -> None:
        columns = assignment_columns(assignment, module)
        earlier = await self._session.get(Assignment, assignment.id)
        tests_before = earlier.tests_revision if earlier else None
        await self._store(Assignment, assignment.id, columns, revision(columns), name=name)
        if tests_before != columns["tests_revision"]:
            await self._session.execute(delete(AssignmentTest).where(AssignmentTest.assignment_id == assignment.id))
            rows = [
                {"assignment_id": assignment.id, **test_columns(test, position)}
                for position, test in enumerate(assignment.tests, start=1)
            ]
            await self._session.execute(insert(AssignmentTest), rows)

    async def _quiz(self, quiz: QuizContent, module: UUID, name: str) -> None:
        before = self._touched
        await self._store(Quiz, quiz.id, quiz_columns(quiz, module), quiz_revision(quiz, module), name=name)
        if self._touched > before:
            await store_questions(self._session, quiz)

    @property
    def _touched(self) -> int:
        return len(self.report.created) + len(self.report.changed)

    async def _store(
        self, model: type[Any], identity: UUID, columns: Columns, wanted: str, *, name: str, publish: bool = False
    ) -> Any:
        """Insert the row, or update it when its revision differs; returns it."""
        row = await self._session.get(model, identity)
        if row is not None and row.content_revision == wanted and row.deleted_at is None:
            self.report.unchanged += 1
            return row
        if row is None:
            row = model(id=identity)
            self._session.add(row)
            self.report.created.append(name)
        else:
            row.deleted_at = None
            self.report.changed.append(name)
        for column, value in columns.items():
            setattr(row, column, value)
        row.content_revision = wanted
        if publish and row.published_at is None:
            row.published_at = datetime.now(UTC)
        await self._session.flush()
        return row

    async def _rows(self, model: type[Any], column: InstrumentedAttribute[UUID], values: Iterable[UUID]) -> list[Any]:
        result = await self._session.scalars(select(model).where(column.in_(list(values))))
        return list(result)

    async def _remove(self, language: LanguageContent, course: UUID, modules: set[UUID], items: set[UUID]) -> None:
        """Mark what the files once gave this course and give no longer."""
        ours = list(await self._session.scalars(select(Module).where(Module.course_id == course)))
        slugs = {module.id: module.slug for module in ours}
        gone: list[tuple[str, Any]] = [(f"{language.slug}/{row.slug}", row) for row in ours if row.id not in modules]
        for model in ITEMS:
            rows = await self._rows(model, model.module_id, slugs)
            gone += [(f"{language.slug}/{slugs[row.module_id]}/{row.slug}", row) for row in rows if row.id not in items]
        for name, row in gone:
            if row.content_revision is not None and row.deleted_at is None:
                row.deleted_at = datetime.now(UTC)
                self.report.removed.append(name)
                self.report.course_ids.add(course)
        await self._session.flush()
