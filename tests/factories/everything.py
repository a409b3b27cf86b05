"""A course with all that authors can write in the browser, and texts that files find hard to keep."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db.enums import (
    AssignmentKind,
    CheckerKind,
    CourseKind,
    Difficulty,
    EnrollmentPolicy,
    GradingMode,
    LatePolicy,
    MaterialType,
    PublicationStatus,
    QuestionType,
    Scoring,
    UploadKind,
)
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
    Upload,
)

HARD = "\n \n---\ntitle: no\n---\r\nTabs\t, \\back\\, \"\"\" and ''' and #, \u2028, \x85, \x0c, \x1b, é 🐍 \ufeff![x](media/x.png)\r\n \n\n"
PUBLISHED = PublicationStatus.PUBLISHED
MOMENT = datetime(2026, 12, 1, 8, 30, 0, 123456, tzinfo=UTC)
KEYS = {
    QuestionType.FILL_BLANK: {
        "blanks": {"a": {"accepted": [" x ", "y"], "patterns": ["[0-9]+"], "exact_spaces": True}}
    },
    QuestionType.MATCHING: {"pairs": [{"prompt": "a", "match": "b"}, {"prompt": "c", "match": "d"}], "distractors": []},
    QuestionType.ORDERING: {"items": ["first", " second\n"]},
    QuestionType.NUMERIC: {"value": "3.10", "absolute": "0.5", "units": {"m": "1"}, "unit_required": False},
    QuestionType.SHORT_ANSWER: {"accepted": [], "manual": True, "lines": 3},
    QuestionType.CODE: {
        "language": "python",
        "starter": HARD,
        "solution": f"print(1){HARD}",
        "cpu_seconds": 0.25,
        "tests": [{"name": "é #", "input": HARD, "expected": "1", "visible": True}, {"expected": HARD, "points": 7}],
    },
}
FUNCTION = {"language": "python", "mode": "FUNCTION", "function": "f", "solution": "def f(*x): ..."}
CALL = {"arguments": [1, 2.5, "é\r\n", [True, {"a": []}], {}], "expected": '{"a": [1, "x"]}'}
MORE_KEYS = (
    FUNCTION | {"tests": [CALL | {"visible": True, "input": HARD}, {"arguments": [], "expected": " 1 "}]},
    FUNCTION | {"tests": [CALL, {"arguments": [[None]], "expected": "null"}]},
)
"""Of questions that are answered by a function."""
CALLED = {"language": "python", "entry": "asks.py", "files": {"asks.py": HARD, "more/part.py": "x = 1\n"}}


async def everything(session: AsyncSession) -> UUID:
    """Store it; returns the course's id."""
    other = Course(id=uuid7(), kind=CourseKind.COURSE, title="Before", slug="before-everything")
    course = Course(
        id=uuid7(),
        kind=CourseKind.COURSE,
        title=" Everything ",
        slug="everything",
        subtitle="",
        description=HARD,
        price_minor=4900,
        currency="EUR",
        level=Difficulty.ADVANCED,
        tags=["one", " two", ""],
        spoken_language="de",
        status=PublicationStatus.ARCHIVED,
        enrollment_policy=EnrollmentPolicy.INVITED,
        regrade_days=3,
        duration_minutes=77,
    )
    session.add_all([other, course])
    await session.flush()
    modules = [
        Module(
            id=uuid7(),
            course_id=course.id,
            title=f"Module {number}",
            slug=f"module-{number}",
            description=None if number else HARD,
            syllabus=["to write ", "\r\n"],
            position=number * 3,
            status=PUBLISHED if number else PublicationStatus.DRAFT,
            opens_at=MOMENT if number else None,
            opens_after_days=None if number else 0,
        )
        for number in range(3)
    ]
    session.add_all(modules)
    rubric = Rubric(
        id=uuid7(), course_id=course.id, title="Essay", criteria=[{"id": "a", "title": "Clear", "levels": []}]
    )
    picture = Upload(
        id=uuid7(),
        course_id=course.id,
        kind=UploadKind.PICTURE,
        name="a.webp",
        media_type="image/webp",
        size_bytes=3,
        sha256=bytes(range(32)),
        width=4,
        height=5,
    )
    session.add_all([rubric, picture, CoursePrerequisite(course_id=course.id, prerequisite_id=other.id)])
    await session.flush()
    session.add_all(
        [
            ModulePrerequisite(module_id=modules[1].id, prerequisite_id=modules[0].id),
            ModulePrerequisite(module_id=modules[1].id, prerequisite_id=modules[2].id),
        ]
    )
    course.image_key = f"uploads/{picture.id}"
    await _quizzes(session, course.id, modules[2].id)
    _assignments(session, modules[1].id, rubric.id)
    await session.flush()
    quiz = await session.scalar(Quiz.__table__.select().with_only_columns(Quiz.id).where(Quiz.slug == "every-type"))
    _materials(session, modules[0].id, quiz, picture.id)
    await session.flush()
    return course.id


def _materials(session: AsyncSession, module: UUID, quiz: UUID | None, picture: UUID) -> None:
    for number, kind in enumerate(MaterialType):
        runs = kind in {MaterialType.CODE_EXAMPLE, MaterialType.INTERACTIVE}
        session.add_all(
            Material(
                id=uuid7(),
                module_id=module,
                slug=f"{kind.lower().replace('_', '-')}-{empty}",
                title=f'{kind} "{empty}": \\',
                type=kind,
                content=None if empty else HARD + f"![ours](/uploads/{picture})",
                code=None if empty or not runs else HARD,
                sample_input=None if empty else "",
                video_url="https://video.example/1" if kind is MaterialType.VIDEO and empty else None,
                video_key=f"uploads/{picture}" if kind is MaterialType.VIDEO and not empty else None,
                captions_url=f"/uploads/{picture}" if kind is MaterialType.VIDEO and not empty else None,
                transcript=HARD if kind is MaterialType.VIDEO else None,
                file_key=f"uploads/{picture}" if kind is MaterialType.PDF else None,
                image_url="/media/elsewhere/x.png" if empty else None,
                quiz_id=quiz if kind is MaterialType.QUIZ and not empty else None,
                position=number * 5 + empty,
            )
            for empty in range(2)
        )


async def _quizzes(session: AsyncSession, course: UUID, module: UUID) -> None:
    quiz = Quiz(
        id=uuid7(),
        module_id=module,
        slug="every-type",
        title="Every type",
        description="",
        status=PUBLISHED,
        passing_score=0,
        draws=[{"count": 4, "topic": None, "difficulty": "ADVANCED"}],
        draw_count=50,
        attempt_limit=2,
        shuffle=True,
        scoring=Scoring.PARTIAL,
        wrong_penalty_percent=25,
        available_from=MOMENT,
        late_policy=LatePolicy.PENALTY_PER_DAY,
        late_floor_percent=5,
    )
    session.add_all([quiz, Quiz(id=uuid7(), module_id=module, slug="empty", title="Empty", position=7)])
    await session.flush()
    for home in ({"quiz_id": quiz.id}, {"course_id": course}):
        keys = [*((kind, KEYS.get(kind)) for kind in QuestionType), *((QuestionType.CODE, key) for key in MORE_KEYS)]
        for number, (kind, key) in enumerate(keys):
            for bare in range(2):
                question = Question(
                    id=uuid7(),
                    **home,
                    type=kind,
                    text=f"Which?{HARD}{number}",
                    explanation=None if bare else HARD,
                    topic=None if bare else " topic",
                    points=3 - bare,
                    position=number * 4 + bare if "quiz_id" in home else 0,
                    media={"image_url": "/media/x/y.png", "image_alt": None, "video_url": None} if bare else None,
                    answer_key=None if bare else key,
                )
                session.add(question)
                await session.flush()
                if kind in {QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE}:
                    session.add_all(
                        Option(
                            id=uuid7(),
                            question_id=question.id,
                            text=f"{place // 2} same\r\n",
                            is_correct=bool(place % 2),
                            position=place,
                        )
                        for place in range(0 if bare else 4)
                    )


def _assignments(session: AsyncSession, module: UUID, rubric: UUID) -> None:
    common = {"module_id": module, "language": "python", "status": PUBLISHED}
    harness = {"checker": CALLED, "unit_tests": {}, "generators": {"big.py": CALLED | {"entry": "asks.py"}}}
    for number, mode in enumerate(GradingMode):
        called = mode is GradingMode.FUNCTION
        assignment = Assignment(
            id=uuid7(),
            **common,
            slug=f"graded-{number}",
            title=f"Graded {number}",
            instructions=HARD,
            grading_mode=mode,
            function_name="f" if called else None,
            starter_code=HARD,
            starter_files={"part/__pycache__/kept.py": HARD, "data.txt": ""},
            solution_code=None,
            harness=harness | {"support_files": {"given.py": HARD}, "interactor": CALLED},
            rules=[
                {"kind": "FORBID", "construct": "loop", "query": None, "message": None, "at_least": None, "at_most": 0}
            ],
            test_groups=[
                {"name": " group", "policy": "ALL", "points": None},
                {"name": "b", "policy": "SUM", "points": 0},
            ],
            seed=5,
            hints=[] if number else [" a\n", HARD],
            max_score=7,
            cpu_seconds=0.125,
            memory_bytes=1234567,
            output_bytes=3072,
            checker=CheckerKind.FLOAT,
            checker_options={"absolute": 0.0, "relative": 0.5, "header": 3, "separator": ""},
            due_at=MOMENT,
            late_policy=LatePolicy.CUT_OFF,
            allow_late=False,
            position=number * 2,
            tests_revision="as-it-was",
        )
        session.add(assignment)
        session.add_all(
            AssignmentTest(
                id=uuid7(),
                assignment_id=assignment.id,
                name=f"Test {place}",
                position=place * 2,
                stdin="" if called or place == 2 else HARD,
                args=["", " x", HARD],
                files={"in put.txt": HARD},
                expected=None if place else "[1, 2]",
                arguments=[None, {"a": [1, 2.0, None]}, HARD] if called and place else [] if called else None,
                generator={"script": "big.py", "args": [""], "seed": None} if place == 2 else None,
                points=0,
                visible=not place,
                sample=not place,
                group_name=" group" if place else None,
                checker=CheckerKind.TOKENS if place else None,
                checker_options={"separator": ",", "header": 1} if place else None,
                memory_bytes=5 << 20,
                cpu_seconds=1.5,
            )
            for place in range(3)
        )
    for kind in (AssignmentKind.TEXT, AssignmentKind.FILE):
        session.add(
            Assignment(
                id=uuid7(),
                module_id=module,
                slug=kind.lower(),
                title=kind,
                kind=kind,
                rubric_id=rubric,
                anonymous_grading=True,
                passing_score=60,
                regrade_days=0,
                position=9,
            )
        )
    session.add(Assignment(id=uuid7(), module_id=module, slug="draft", title="Draft", language="java", position=20))
