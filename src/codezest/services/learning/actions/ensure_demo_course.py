"""What the sample course has beside its files, in development: a cohort, a code, learners and their work, a rubric, reviews.

All of it comes about as it would by hand, through the same actions. Programs and their analyses follow once a worker runs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.services.learning.actions.authoring.write_item import change_assignment
from codezest.services.learning.actions.complete_material import complete_material
from codezest.services.learning.actions.enrolling.write_code import create_code, redeem_code
from codezest.services.learning.actions.enrolling.write_cohort import create_cohort
from codezest.services.learning.actions.fill_demo_class import (
    fill_demo_class,
    take_first_quiz,
    work_for_weeks,
)
from codezest.services.learning.actions.hand_grading.change_settings import change_assignment_grading
from codezest.services.learning.actions.hand_grading.write_rubric import create_rubric
from codezest.services.learning.actions.submit_solution import submit_solution
from codezest.services.learning.actions.submit_work import submit_work
from codezest.services.learning.actions.write_review import reply_to_review, write_review
from codezest.services.learning.receipts import Signer
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange
from codezest.services.learning.schemas.enrolling import NewCode, NewCohort
from codezest.services.learning.schemas.hand_grading import HandGradingSettings
from codezest.services.learning.schemas.rubrics import RubricChange, RubricCriterion, RubricLevel
from codezest_db.models.learning import (
    Assignment,
    Cohort,
    Course,
    CourseReview,
    EnrollmentCode,
    Material,
    Module,
)

SLUG = "data-detective"
COHORT = "Demo group"
FIRST_LESSON = "a-good-question"
PROGRAM = "middle-of-the-street"
DATA = "your-data"
REPORT = "your-report"

HASTY = """\
import sys
l = []
for line in sys.stdin:
    if line.strip() != "":
        l.append(float(line))
s = 0
for i in range(len(l)):
    s = s + l[i]
print(s / len(l))
if len(l) % 2 == 1:
    print(l[len(l) // 2])
else:
    print((l[len(l) // 2 - 1] + l[len(l) // 2]) / 2)
"""
"""Never sorted, and with a loop or two too many, so that its analysis has something to say."""
CAREFUL = """\
import sys

incomes = sorted(float(line) for line in sys.stdin if line.strip())
count = len(incomes)
middle = count // 2
print(sum(incomes) / count)
if count % 2 == 1:
    print(incomes[middle])
else:
    print((incomes[middle - 1] + incomes[middle]) / 2)
"""
WRITTEN = """\
## Answer

In our street, the second half of the week sees about twice as many bicycles as the first: 61 an hour from Thursday to Saturday, and 29 from
Monday to Wednesday.

## Question

The council wants to know on which days a guard should stand at the school crossing. There is money for three days.

## Data

I counted from 7:30 to 8:30 on twelve school days, at the corner of Mill Lane. A row is one bicycle. 540 rows, none left out. On one Tuesday
it rained all morning; I kept it, and say so here.

## Evidence

| Days | Hours counted | Bicycles | For each hour |
|---|---|---|---|
| Monday to Wednesday | 6 | 174 | 29 |
| Thursday to Saturday | 6 | 366 | 61 |

Every single day of the second half had more bicycles than every day of the first.

## Limits

Two weeks in September say little about winter. And a guard is needed where it is dangerous, which need not be where it is busy.
"""
CRITERIA: Mapping[str, tuple[str, str, str, str]] = {
    "Answer": (
        "Stands first, and answers what was asked.",
        "The answer stands first, with its number and a comparison",
        "There is an answer, but it has to be looked for",
        "The question stays open",
    ),
    "Evidence": (
        "Each claim has its table or chart.",
        "Every claim is shown, with the size of each group",
        "Some claims are shown",
        "Claims stand alone",
    ),
    "Limits": (
        "What the data cannot tell.",
        "Names what is missing and what else could explain the result",
        "Names one of the two",
        "Claims more than the data can bear",
    ),
    "Language": (
        "A reader who does not program understands it.",
        "Plain throughout",
        "Plain for the most part",
        "Hard to follow",
    ),
}
POINTS = (15, 8, 0)
REVIEWS = (
    (5, "The first lesson alone was worth it. I now ask what will be decided before I open any file."),
    (4, "Good exercises. I would have liked more time for the report."),
)
REPLY = "Thank you. The report is due a week later from now on."


async def ensure_demo_course(
    session: AsyncSession, instructor: Actor, learners: Sequence[Actor], *, signer: Signer
) -> bool:
    """Fill the sample course, where it is this instructor's and was not filled before; tells whether it did.

    The first of the learners is a careful one, the second a hasty one; classmates may follow.
    """
    course = await session.scalar(
        select(Course)
        .where(Course.slug == SLUG, Course.instructor_user_id == instructor.user_id, Course.deleted_at.is_(None))
        .with_for_update()
    )
    if course is None or await session.scalar(
        select(Cohort.id).where(Cohort.course_id == course.id, Cohort.name == COHORT)
    ):
        return False
    assignments = await _assignments(session, course.id)
    if not {PROGRAM, DATA, REPORT} <= assignments.keys():  # another course of this name
        return False
    moment = now()
    await _open(session, instructor, learners, course.id, moment)
    await _prepare_grading(session, instructor, course.id, assignments, moment)
    await _review(session, instructor, learners, course)
    careful, hasty, *classmates = learners
    await submit_solution(session, hasty, assignments[PROGRAM], HASTY, signer=signer)
    await submit_solution(session, careful, assignments[PROGRAM], CAREFUL, signer=signer)
    await submit_work(session, careful, assignments[REPORT], WRITTEN, signer=signer)
    await take_first_quiz(session, careful, course.id)
    await fill_demo_class(session, classmates, course.id, assignments[REPORT], signer=signer)
    for learner in (careful, hasty):
        await work_for_weeks(session, learner, moment)
    return True


async def _assignments(session: AsyncSession, course_id: UUID) -> dict[str, UUID]:
    """By slug."""
    rows = await session.execute(
        select(Assignment.slug, Assignment.id).join(Module, Module.id == Assignment.module_id)
        .where(Module.course_id == course_id, Module.deleted_at.is_(None), Assignment.deleted_at.is_(None))
    )  # fmt: skip
    return {row.slug: row.id for row in rows}


async def _open(
    session: AsyncSession, instructor: Actor, learners: Sequence[Actor], course_id: UUID, moment: datetime
) -> None:
    """A cohort that began two weeks ago, so that nothing is closed to it any more, and a code that its learners used."""
    cohort = NewCohort(name=COHORT, starts_at=moment - timedelta(days=14), capacity=30)
    cohort_id = await create_cohort(session, instructor, course_id, cohort)
    made = await create_code(
        session,
        instructor,
        course_id,
        NewCode(cohort_id=cohort_id, note="For the first lesson", max_uses=30, expires_at=moment + timedelta(days=90)),
    )
    code = await session.get_one(EnrollmentCode, made)
    for learner in learners:
        await redeem_code(session, learner, code.code)


async def _prepare_grading(
    session: AsyncSession, instructor: Actor, course_id: UUID, assignments: Mapping[str, UUID], moment: datetime
) -> None:
    """A rubric for the report, and dates at which data and report are due."""
    rubric = await create_rubric(session, instructor, course_id, _rubric())
    settings = HandGradingSettings(rubric_id=rubric.id)
    await change_assignment_grading(session, instructor, assignments[REPORT], settings)
    for slug, days in ((DATA, 7), (REPORT, 14)):
        change = AssignmentChange(due_at=moment + timedelta(days=days))
        await change_assignment(session, instructor, assignments[slug], change)


def _rubric() -> RubricChange:
    return RubricChange(
        title="A report",
        criteria=[
            RubricCriterion(
                title=title,
                description=description,
                levels=[RubricLevel(title=level, points=points) for level, points in zip(levels, POINTS, strict=True)],
            )
            for title, (description, *levels) in CRITERIA.items()
        ],
    )


async def _review(session: AsyncSession, instructor: Actor, learners: Sequence[Actor], course: Course) -> None:
    """Whoever reviews has done at least one lesson; the second review gets a reply."""
    lesson = await session.scalar(
        select(Material.id).join(Module, Module.id == Material.module_id)
        .where(Module.course_id == course.id, Material.slug == FIRST_LESSON)
    )  # fmt: skip
    assert lesson is not None
    for learner, (rating, words) in zip(learners, REVIEWS, strict=False):
        await complete_material(session, learner, lesson)
        await write_review(session, learner, course.slug, rating=rating, words=words)
    written = await session.scalar(
        select(CourseReview.id).where(CourseReview.course_id == course.id, CourseReview.user_id == learners[1].user_id)
    )
    assert written is not None
    await reply_to_review(session, instructor, written, REPLY)
