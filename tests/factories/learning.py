"""Content and learners of the learning service, made in the tables under its own role."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest_db.enums import (
    CourseKind,
    EnrollmentStatus,
    MaterialType,
    PublicationStatus,
    QuestionType,
)
from codezest_db.ids import uuid7
from codezest_db.models.learning import (
    Assignment,
    AssignmentTest,
    Course,
    Enrollment,
    Material,
    Module,
    ModulePrerequisite,
    Option,
    ProgrammingLanguage,
    Question,
    Quiz,
)

PUBLISHED = PublicationStatus.PUBLISHED


@dataclass(frozen=True, slots=True)
class MadePath:
    """A language and the course that is its path."""

    slug: str
    language_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    id: UUID
    right: list[UUID]
    wrong: list[UUID]


@dataclass(frozen=True, slots=True)
class MadeQuiz:
    id: UUID
    questions: list[MadeQuestion]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """What a question to be made is like."""

    type: QuestionType = QuestionType.SINGLE_CHOICE
    right: int = 1
    wrong: int = 2
    points: int = 1


class Shelf:
    """Makes content, published unless told otherwise; every slug is new."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def path(
        self,
        *,
        instructor_id: UUID | None = None,
        status: PublicationStatus = PUBLISHED,
        is_active: bool = True,
        runtime: str | None = "python",
    ) -> MadePath:
        slug = f"lang-{uuid4().hex[:10]}"
        language = ProgrammingLanguage(id=uuid7(), name=slug, slug=slug, is_active=is_active, runtime=runtime)
        course = Course(
            id=uuid7(),
            kind=CourseKind.PATH,
            language_id=language.id,
            instructor_user_id=instructor_id,
            title=f"Learn {slug}",
            slug=slug,
            status=status,
            published_at=now() if status is PUBLISHED else None,
        )
        async with self._database.write("learning") as session:
            session.add(language)
            await session.flush()
            session.add(course)
        return MadePath(slug, language.id, course.id)

    async def course(self, *, instructor_id: UUID | None = None, **columns: Any) -> MadePath:
        """A course of no language, found by its own slug; the id of its language is all zeros."""
        slug = f"course-{uuid4().hex[:10]}"
        defaults = {"title": f"Course {slug}", "status": PUBLISHED, "published_at": now()}
        course = Course(id=uuid7(), slug=slug, instructor_user_id=instructor_id, **(defaults | columns))
        async with self._database.write("learning") as session:
            session.add(course)
        return MadePath(slug, UUID(int=0), course.id)

    async def module(self, path: MadePath, *, prerequisites: Sequence[UUID] = (), **columns: Any) -> UUID:
        module = Module(
            id=uuid7(),
            course_id=path.course_id,
            **({"title": "Module", "status": PUBLISHED} | _named("module") | columns),
        )
        async with self._database.write("learning") as session:
            session.add(module)
            await session.flush()
            session.add_all(ModulePrerequisite(module_id=module.id, prerequisite_id=needed) for needed in prerequisites)
        return module.id

    async def material(self, module_id: UUID, **columns: Any) -> UUID:
        defaults = {"title": "Material", "status": PUBLISHED, "type": MaterialType.ARTICLE, "content": "# Text"}
        material = Material(id=uuid7(), module_id=module_id, **(defaults | _named("material") | columns))
        async with self._database.write("learning") as session:
            session.add(material)
        return material.id

    async def assignment(
        self, module_id: UUID, *, tests: Sequence[dict[str, Any]] | None = None, **columns: Any
    ) -> UUID:
        defaults = {"title": "Assignment", "status": PUBLISHED, "language": "python", "tests_revision": "first"}
        assignment = Assignment(id=uuid7(), module_id=module_id, **(defaults | _named("assignment") | columns))
        made = [
            AssignmentTest(assignment_id=assignment.id, position=position, **test)
            for position, test in enumerate(
                [{"name": "adds", "stdin": "1 2", "expected": "3"}] if tests is None else tests
            )
        ]
        async with self._database.write("learning") as session:
            session.add(assignment)
            await session.flush()
            session.add_all(made)
        return assignment.id

    async def quiz(
        self, module_id: UUID, questions: Sequence[AskedQuestion] = (AskedQuestion(),), **columns: Any
    ) -> MadeQuiz:
        quiz = Quiz(
            id=uuid7(), module_id=module_id, **({"title": "Quiz", "status": PUBLISHED} | _named("quiz") | columns)
        )
        made: list[MadeQuestion] = []
        async with self._database.write("learning") as session:
            session.add(quiz)
            await session.flush()
            for position, asked in enumerate(questions):
                question = Question(
                    id=uuid7(),
                    quiz_id=quiz.id,
                    type=asked.type,
                    text=f"Question {position}?",
                    explanation=f"EXPLANATION-{position}",
                    points=asked.points,
                    position=position,
                )
                session.add(question)
                await session.flush()
                options = [
                    Option(
                        id=uuid7(), question_id=question.id, text=f"option {n}", is_correct=n < asked.right, position=n
                    )
                    for n in range(asked.right + asked.wrong)
                ]
                session.add_all(options)
                ids = [option.id for option in options]
                made.append(MadeQuestion(question.id, ids[: asked.right], ids[asked.right :]))
        return MadeQuiz(quiz.id, made)

    async def enroll(self, path: MadePath, user_id: UUID, status: EnrollmentStatus = EnrollmentStatus.ACTIVE) -> UUID:
        enrollment = Enrollment(
            id=uuid7(),
            user_id=user_id,
            course_id=path.course_id,
            status=status,
            completed_at=now() if status is EnrollmentStatus.COMPLETED else None,
        )
        async with self._database.write("learning") as session:
            session.add(enrollment)
            if status is not EnrollmentStatus.DROPPED:
                await session.execute(
                    update(Course)
                    .where(Course.id == path.course_id)
                    .values(enrollment_count=Course.enrollment_count + 1)
                    .execution_options(synchronize_session=False)
                )
        return enrollment.id


def _named(kind: str) -> dict[str, str]:
    return {"slug": f"{kind}-{uuid4().hex[:10]}"}
