"""What tests of the pages ask for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.services.learning.jobs import grade_submission
from codezest_db.enums import MaterialType, QuestionType, Role
from factories.learning import AskedQuestion, MadePath, MadeQuiz, Shelf
from fixtures.accounts import MakeUser, SignedIn
from fixtures.scripted_grader import ScriptedGrader
from fixtures.statements import recorded

from .browser import Browser

HIDDEN_INPUT = "MARKER-hidden-input"
HIDDEN_EXPECTED = "MARKER-hidden-expected"
SOLUTION = "MARKER-solution"
TESTS = [
    {"name": "The example", "stdin": "1 2", "expected": "3", "points": 2},
    {
        "name": "A case of its own",
        "stdin": HIDDEN_INPUT,
        "expected": HIDDEN_EXPECTED,
        "visible": False,
        "kind_of_case": "Something large.",
    },
]


@dataclass(frozen=True, slots=True)
class Course:
    """A path with one module that holds everything, and one that the first locks."""

    path: MadePath
    module: UUID
    locked_module: UUID
    article: UUID
    example: UUID
    exercise: UUID
    quiz: MadeQuiz
    locked_material: UUID


MakeCourse = Callable[[], Awaitable[Course]]


@pytest.fixture(scope="module")
def make_course(database: Database) -> MakeCourse:
    async def make() -> Course:
        shelf = Shelf(database)
        path = await shelf.path()
        module = await shelf.module(path, title="First module", syllabus=["Do the first thing"])
        later = await shelf.module(path, title="Second module", position=1, prerequisites=[module])
        return Course(
            path=path,
            module=module,
            locked_module=later,
            article=await shelf.material(module, title="An article", content="## One\n\nText.", position=0),
            example=await shelf.material(
                module, title="An example", type=MaterialType.CODE_EXAMPLE, code="print('hello')", position=1
            ),
            exercise=await shelf.assignment(
                module,
                title="An exercise",
                tests=TESTS,
                instructions="Add **two** numbers.",
                starter_code="# start here",
                solution_code=SOLUTION,
                hints=["Read first."],
                position=2,
            ),
            quiz=await shelf.quiz(
                module,
                [AskedQuestion(), AskedQuestion(type=QuestionType.MULTIPLE_CHOICE, right=2)],
                title="A quiz",
                position=3,
            ),
            locked_material=await shelf.material(later, title="Later"),
        )

    return make


@pytest.fixture(scope="module")
async def course(make_course: MakeCourse) -> Course:
    return await make_course()


Open = Callable[[SignedIn | None], Browser]


@pytest.fixture(scope="module")
async def visit(application: Application) -> AsyncIterator[Open]:
    """`visit(user)` → a browser of theirs; None is nobody."""
    opened: list[Browser] = []

    def make(user: SignedIn | None) -> Browser:
        opened.append(Browser(application, user.token if user else None))
        return opened[-1]

    yield make
    for browser in opened:
        await browser.client.aclose()


@pytest.fixture
async def nobody(visit: Open) -> Browser:
    return visit(None)


@dataclass(frozen=True, slots=True)
class Learner:
    """A student with a course of their own, enrolled in it."""

    user: SignedIn
    browser: Browser
    course: Course


@pytest.fixture
async def learner(make_user: MakeUser, make_course: MakeCourse, visit: Open, database: Database) -> Learner:
    user, made = await make_user(Role.STUDENT), await make_course()
    await Shelf(database).enroll(made.path, user.id)
    return Learner(user, visit(user), made)


@pytest.fixture
async def path(database: Database) -> MadePath:
    """A path of the test's own, empty."""
    return await Shelf(database).path()


@pytest.fixture
async def module(database: Database, path: MadePath) -> UUID:
    """A module in it."""
    return await Shelf(database).module(path)


@pytest.fixture
async def browser(database: Database, path: MadePath, make_user: MakeUser, visit: Open) -> Browser:
    """That of a student who takes the path."""
    user = await make_user(Role.STUDENT)
    await Shelf(database).enroll(path, user.id)
    return visit(user)


Grade = Callable[[str], Awaitable[None]]


@pytest.fixture
def grade(database: Database) -> Grade:
    """What the worker would do with a submission, whose program says how each test ends."""

    async def run(submission: str) -> None:
        await grade_submission(database, ScriptedGrader(), UUID(submission.rsplit("/", 1)[-1]))

    return run


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that the application sends from now on, but for the look-up of the session, what the process listens to and, every few
    seconds, what administrators have set.
    """

    def wanted(query: str) -> bool:
        return "auth.sessions" not in query and "auth.features" not in query and not query.startswith("LISTEN")

    return recorded(monkeypatch, wanted)
