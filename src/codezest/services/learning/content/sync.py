"""Stores loaded content in the schema ``learning``: one way, and without effect when nothing has changed.

A row is found by its uuid and left alone while its ``content_revision`` is that of the files. What has gone from the folder
is marked as deleted, never removed, so that learners' work keeps what it refers to. Rows that were authored in the
browser have no revision and are never touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning.content.assignment_rows import tests_stand
from codezest.services.learning.content.columns import (
    Columns,
    assignment_columns,
    course_columns,
    language_columns,
    material_columns,
    module_columns,
    path_columns,
    quiz_columns,
    quiz_revision,
    revision,
    test_columns,
)
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.model import (
    AssignmentContent,
    CourseContent,
    Item,
    LanguageContent,
    MaterialContent,
    ModuleContent,
)
from codezest.services.learning.content.questions import standing, store_bank, store_questions
from codezest.services.learning.content.report import Outcome, SyncReport
from codezest.services.learning.content.rows import ITEMS, RowWriter
from codezest.services.learning.content.store_attached import store_attached
from codezest.services.learning.policies.writer import name_source
from codezest_db.enums import MaterialType, VersionSource
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

LOCK = 0x5A455354
"""Two programs that start together synchronise one after the other."""

Revisioned = ProgrammingLanguage | Course | Module | Material | Assignment | Quiz


async def sync(
    session: AsyncSession, content: LoadedContent, *, instructors: Mapping[str, UUID] | None = None
) -> SyncReport:
    """Make the database say what ``content`` says, within the caller's transaction, as the learning role.

    ``instructors`` maps e-mail addresses (``content.instructor_emails``) to users; the learning role cannot look them up.
    A path whose instructor is unknown keeps the one it has.
    """
    await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    await name_source(session, VersionSource.FILES)
    synchronisation = Synchronisation(session)
    for language in content.languages:
        await synchronisation.language(language, instructors or {})
    for course in content.courses:
        await synchronisation.course(course, instructors or {})
    return synchronisation.report


class Synchronisation(RowWriter):
    """One pass over the content, level by level: each level is flushed before the next refers to it."""

    def __init__(self, session: AsyncSession, *, by_author: bool = False) -> None:
        super().__init__(session, by_author=by_author)
        self._prerequisites: dict[UUID, list[UUID]] = {}

    async def language(self, language: LanguageContent, instructors: Mapping[str, UUID]) -> None:
        columns = language_columns(language)
        await self._store(ProgrammingLanguage, language.id, columns, revision(columns), name=language.slug)
        course = await self._path(language, instructors)
        await self._attached(language, course.id)
        await self._modules(language.modules, course.id, language.slug)
        await self._bank(language, course.id)

    async def course(self, content: CourseContent, instructors: Mapping[str, UUID]) -> None:
        language = await self._session.scalar(
            select(ProgrammingLanguage.id).where(
                ProgrammingLanguage.slug == content.language_slug, ProgrammingLanguage.deleted_at.is_(None)
            )
        )
        columns = course_columns(content, language)
        course = await self._store(
            Course,
            content.id,
            columns,
            revision(columns),
            name=content.slug,
        )
        await self._name_instructor(course, content.instructor_email, instructors)
        await self.inside(content, course.id)

    async def inside(self, content: CourseContent, course: UUID) -> None:
        """Everything of a course that is there."""
        await self._attached(content, course)
        await self._modules(content.modules, course, content.slug)
        await self._bank(content, course)

    async def _modules(self, modules: Sequence[ModuleContent], course: UUID, slug: str) -> None:
        modules = await self._settled(modules, course)
        places = {module.id: (course, module.slug) for module in modules}
        items = {item.id: (module.id, item.slug) for module in modules for item in module.items}
        await self._remove(slug, course, set(places), set(items))
        await self._make_room(Module, Module.course_id, places)
        for model in ITEMS:
            await self._make_room(model, model.module_id, items)
        for module in modules:
            await self._module(module, course, f"{slug}/{module.slug}")
        await self._write_prerequisites()
        for module in modules:  # what shows a quiz comes after it, in whichever module that is
            for material in module.materials:
                if material.type is MaterialType.QUIZ:
                    await self._item(material, module.id, f"{slug}/{module.slug}/{material.slug}", course)

    async def _write_prerequisites(self) -> None:
        """When all modules are there, since one may have to wait for a later one."""
        for module, wanted in self._prerequisites.items():
            await self._session.execute(delete(ModulePrerequisite).where(ModulePrerequisite.module_id == module))
            if wanted:
                rows = [{"module_id": module, "prerequisite_id": prerequisite} for prerequisite in wanted]
                await self._session.execute(insert(ModulePrerequisite), rows)
        self._prerequisites.clear()

    async def _settled(self, modules: Sequence[ModuleContent], course: UUID) -> list[ModuleContent]:
        """The modules and items at the positions they have, where these are in order: authors' own need not count from 1."""
        rows = await self._rows(Module, Module.id, [module.id for module in modules])
        places = standing([row for row in rows if row.course_id == course], [module.id for module in modules])
        settled: list[ModuleContent] = []
        for module in modules:
            ids = [item.id for item in module.items]
            found = [row for model in ITEMS for row in await self._rows(model, model.id, ids)]
            positions = standing([row for row in found if row.module_id == module.id], ids)
            items = tuple(replace(item, position=positions[item.id]) for item in module.items)
            settled.append(replace(module, position=places[module.id], items=items))
        return settled

    async def _attached(self, tree: LanguageContent | CourseContent, course: UUID) -> None:
        if await store_attached(self._session, tree, course):
            self._list_of(course, "RUBRICS")
            self.report.changed.append(f"{tree.slug} (files and rubrics)")

    async def _bank(self, tree: LanguageContent | CourseContent, course: UUID) -> None:
        if await store_bank(self._session, tree.bank, course, by_author=self._by_author):
            self.report.changed.append(f"{tree.slug} (bank)")
            self._list_of(course, "BANK")

    async def _path(self, language: LanguageContent, instructors: Mapping[str, UUID]) -> Course:
        columns = path_columns(language)
        course = await self._store(Course, language.path.id, columns, revision(columns), name=f"{language.slug} (path)")
        await self._name_instructor(course, language.path.instructor_email, instructors)
        return course

    async def _name_instructor(self, course: Course, email: str | None, instructors: Mapping[str, UUID]) -> None:
        """Once somebody teaches it, the files no longer decide who."""
        instructor = instructors.get(email or "")
        if instructor is not None and course.instructor_user_id is None:
            course.instructor_user_id = instructor
            await self._session.flush()

    async def _module(self, module: ModuleContent, course: UUID, name: str) -> None:
        columns = module_columns(module, course)
        prerequisites = sorted(module.prerequisites)
        row, outcome = await self._write(Module, module.id, columns, revision(columns, prerequisites))
        if outcome is not Outcome.CURRENT:
            of_module = ModulePrerequisite.module_id == row.id
            present = await self._session.scalars(select(ModulePrerequisite.prerequisite_id).where(of_module))
            if sorted(present) != prerequisites:
                outcome = max(outcome, Outcome.CHANGED)
                self._prerequisites[row.id] = prerequisites
        self._note(name, outcome, row, course)
        for item in module.items:
            if not isinstance(item, MaterialContent) or item.type is not MaterialType.QUIZ:
                await self._item(item, module.id, f"{name}/{item.slug}", course)

    async def _item(self, item: Item, module: UUID, name: str, course: UUID) -> None:
        if isinstance(item, MaterialContent):
            columns = material_columns(item, module)
            row, outcome = await self._write(Material, item.id, columns, revision(columns))
        elif isinstance(item, AssignmentContent):
            row, outcome = await self._assignment(item, module)
        else:
            row, outcome = await self._write(Quiz, item.id, quiz_columns(item, module), quiz_revision(item, module))
            if outcome is not Outcome.CURRENT and await store_questions(self._session, item):
                outcome = max(outcome, Outcome.CHANGED)
        self._note(name, outcome, row, course)

    async def _assignment(self, assignment: AssignmentContent, module: UUID) -> tuple[Assignment, Outcome]:
        columns = assignment_columns(assignment, module)
        wanted = revision(columns)
        earlier = await self._session.get(Assignment, assignment.id)
        tests = [test_columns(test, position) for position, test in enumerate(assignment.tests, start=1)]
        stand = earlier is not None and await tests_stand(self._session, earlier, columns, tests)
        if stand:
            columns["tests_revision"] = earlier.tests_revision if earlier else None
        tests_before = earlier.tests_revision if earlier else None
        row, outcome = await self._write(Assignment, assignment.id, columns, wanted)
        if tests_before != columns["tests_revision"]:
            await self._session.execute(delete(AssignmentTest).where(AssignmentTest.assignment_id == assignment.id))
            if tests:
                await self._session.execute(
                    insert(AssignmentTest), [{"assignment_id": assignment.id, **test} for test in tests]
                )
        return row, outcome

    async def _store(self, model: type[Any], identity: UUID, columns: Columns, wanted: str, *, name: str) -> Any:
        """Write the row, and report it; returns it."""
        row, outcome = await self._write(model, identity, columns, wanted)
        self._note(name, outcome, row)
        return row
