"""Who may see and do what. Each `access_*` loads and authorises in one statement; missing and forbidden look alike.

The decision itself is SQL (`decision`), so that a hot read carries it within its own statement. Every statement that
embeds it takes `$1` the target, `$2` the user's id or null, `$3` the user's role or null, and names its rows `c` (course),
`l` (its language, may be null), `m` (module), `i` (item), `e` (the user's enrollment, may be null).
"""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import NotFound
from codezest.services.learning.errors import (
    ContentArchived,
    ItemNotYetOpen,
    ModuleLocked,
    ModuleNotYetOpen,
    NotEnrolled,
)
from codezest.services.learning.policies.opening import NOT_YET, OPENS_AT
from codezest.services.learning.policies.permissions import Permission, holds
from codezest.services.learning.policies.terms import granted, terms
from codezest.services.learning.rules.timing import Terms, Window
from codezest_db.enums import AssignmentKind, EnrollmentStatus, GradingMode, MaterialType, Scoring

ItemKind = Literal["MATERIAL", "ASSIGNMENT", "QUIZ"]
TABLES: Mapping[ItemKind, str] = {
    "MATERIAL": "learning.materials",
    "ASSIGNMENT": "learning.assignments",
    "QUIZ": "learning.quizzes",
}
LEARNING_STATUSES = frozenset({EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED})

STAFF = holds(Permission.VIEW)
ENROLLED = "coalesce(e.status IN ('ACTIVE', 'COMPLETED'), false)"

UNMET_PREREQUISITES = """
    FROM learning.module_prerequisites needed
    JOIN learning.modules before ON before.id = needed.prerequisite_id
    WHERE needed.module_id = m.id AND before.status = 'PUBLISHED' AND before.deleted_at IS NULL
      AND NOT EXISTS (
          SELECT FROM learning.module_progress reached
          WHERE reached.module_id = before.id AND reached.user_id = $2 AND reached.status = 'COMPLETED')
      -- A module without items can never be completed, so it must not lock another for good.
      AND (EXISTS (SELECT FROM learning.materials x
                   WHERE x.module_id = before.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL)
        OR EXISTS (SELECT FROM learning.assignments x
                   WHERE x.module_id = before.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL)
        OR EXISTS (SELECT FROM learning.quizzes x
                   WHERE x.module_id = before.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL))
"""
"""What follows `SELECT …`: the modules (`before`) that user `$2` has to complete before module `m`."""

COURSE_JOINS = """
    LEFT JOIN learning.programming_languages l ON l.id = c.language_id
    LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $2
"""


def decision(*, module: bool = False, item: bool = False, learner: bool = False) -> str:
    """The SQL expression that says whether the caller gets in: `missing`, `staff`, `archived`, `not-enrolled`, `not-yet`,
    `locked` or `open`.

    Args:
        module: a module `m` is involved.
        item: an item `i` of it is involved.
        learner: only an enrolled learner for whom the module has opened and whose prerequisites are met gets in.
    """
    levels = ["c", *(["m"] if module else []), *(["i"] if item else [])]
    deleted = " OR ".join(f"{level}.deleted_at IS NOT NULL" for level in (*levels, "l"))
    unpublished = " OR ".join(["c.status = 'DRAFT'", *(f"{level}.status <> 'PUBLISHED'" for level in levels[1:])])
    learning = f"""
        WHEN NOT {ENROLLED} THEN 'not-enrolled'
        WHEN {NOT_YET} THEN 'not-yet'
        WHEN EXISTS (SELECT {UNMET_PREREQUISITES}) THEN 'locked'"""
    return f"""CASE
        WHEN {deleted} THEN 'missing'
        WHEN {STAFF} THEN 'staff'
        WHEN {unpublished} THEN 'missing'
        WHEN c.status = 'ARCHIVED' OR NOT coalesce(l.is_active, true) THEN 'archived' {learning if learner else ""}
        ELSE 'open' END"""


def item_source(kind: ItemKind) -> str:
    """`FROM …` of one item with all that `decision(module=True, item=True)` needs, and its `access` as `a.access`.

    The offset keeps PostgreSQL from writing the decision out again wherever `a.access` stands.
    """
    return f"""
    FROM {TABLES[kind]} i
    JOIN learning.modules m ON m.id = i.module_id
    JOIN learning.courses c ON c.id = m.course_id
    {COURSE_JOINS}
    CROSS JOIN LATERAL (SELECT {decision(module=True, item=True, learner=True)} AS access OFFSET 0) a
    """


LOCKED_BY = f"""CASE WHEN a.access = 'locked'
    THEN ARRAY(SELECT before.title {UNMET_PREREQUISITES} ORDER BY before.position) END AS locked_by,
    CASE WHEN a.access = 'not-yet' THEN {OPENS_AT} END AS opens_at"""
"""Columns that say why `a.access` is `locked` or `not-yet`."""


class Reader(Protocol):
    """A pool of single statements, or the connection of an open transaction."""

    async def fetchrow(self, query: str, *args: Any) -> Any: ...


def admit(row: Mapping[str, Any] | None, *, even_locked: bool = False) -> None:
    """Turn the `access` (with `locked_by` and `opens_at`) of a row into an error, unless it lets the caller in.

    Raises:
        NotFound: there is no such thing, or none the caller may know of.
        ContentArchived: it is no longer offered.
        NotEnrolled: the caller does not learn this course.
        ModuleNotYetOpen: its time has not come.
        ModuleLocked: prerequisites are not completed.
    """
    access = "missing" if row is None else row["access"]
    match access:
        case "open" | "staff":
            return
        case "archived":
            raise ContentArchived
        case "not-enrolled":
            raise NotEnrolled
        case "not-yet":
            if not even_locked:
                assert row is not None
                raise ModuleNotYetOpen(row["opens_at"])
        case "locked":
            if not even_locked:
                assert row is not None
                raise ModuleLocked(row["locked_by"])
        case _:
            raise NotFound


def terms_of(row: Mapping[str, Any]) -> Terms:
    """The terms of an item that the caller may work on now, or could until lately. Staff may at any time.

    Raises:
        ItemNotYetOpen: its time has not come.
    """
    terms = Terms.of(row)
    if row["access"] != "staff" and terms.window(now()) is Window.UPCOMING:
        assert terms.available_from is not None
        raise ItemNotYetOpen(terms.available_from)
    return terms


def caller(actor: Actor) -> tuple[UUID | None, str | None]:
    """`$2` and `$3` of every statement."""
    return actor.user_id, actor.role.value if actor.role else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAccess:
    """An item that the caller may work with."""

    item_id: UUID
    module_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialAccess(ItemAccess):
    type: MaterialType
    runtime: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAccess(ItemAccess):
    kind: AssignmentKind
    mode: GradingMode
    language: str | None
    max_score: int
    terms: Terms
    tests: int
    visible_tests: int
    several_files: bool
    support_files: tuple[str, ...]
    """Paths of the author's files that lie beside the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizAccess(ItemAccess):
    passing_score: int
    scoring: Scoring
    wrong_penalty_percent: int
    terms: Terms


MATERIAL = f"""
SELECT a.access, {LOCKED_BY}, i.module_id, m.course_id, i.type, l.runtime
{item_source("MATERIAL")}
WHERE i.id = $1
"""

ASSIGNMENT = f"""
SELECT a.access, {LOCKED_BY}, i.module_id, m.course_id, i.kind, i.grading_mode, i.language, i.max_score, {terms("ASSIGNMENT")},
    (SELECT count(*) FROM learning.assignment_tests t WHERE t.assignment_id = i.id) AS tests,
    (SELECT count(*) FROM learning.assignment_tests t WHERE t.assignment_id = i.id AND t.visible) AS visible_tests,
    i.starter_files <> '{{}}' AS several_files,
    ARRAY(SELECT jsonb_object_keys(coalesce(i.harness -> 'support_files', '{{}}'))) AS support_files
{item_source("ASSIGNMENT")} {granted("ASSIGNMENT")}
WHERE i.id = $1
"""

QUIZ = f"""
SELECT a.access, {LOCKED_BY}, i.module_id, m.course_id, i.passing_score, i.scoring, i.wrong_penalty_percent,
    {terms("QUIZ")}
{item_source("QUIZ")} {granted("QUIZ")}
WHERE i.id = $1
"""


async def access_material(reader: Reader, actor: Actor, material_id: UUID) -> MaterialAccess:
    """A material the caller may read and work with.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(MATERIAL, material_id, *caller(actor))
    admit(row)
    return MaterialAccess(
        item_id=material_id,
        module_id=row["module_id"],
        course_id=row["course_id"],
        type=MaterialType(row["type"]),
        runtime=row["runtime"],
    )


async def access_assignment(reader: Reader, actor: Actor, assignment_id: UUID) -> AssignmentAccess:
    """An assignment the caller may work on.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `admit`.
        ItemNotYetOpen: see `terms_of`.
    """
    actor.require_user()
    row = await reader.fetchrow(ASSIGNMENT, assignment_id, *caller(actor))
    admit(row)
    return AssignmentAccess(
        item_id=assignment_id,
        module_id=row["module_id"],
        course_id=row["course_id"],
        kind=AssignmentKind(row["kind"]),
        mode=GradingMode(row["grading_mode"]),
        language=row["language"],
        max_score=row["max_score"],
        terms=terms_of(row),
        tests=row["tests"],
        visible_tests=row["visible_tests"],
        several_files=row["several_files"],
        support_files=tuple(row["support_files"]),
    )


async def access_quiz(reader: Reader, actor: Actor, quiz_id: UUID, *, even_locked: bool = False) -> QuizAccess:
    """A quiz the caller may take. `even_locked` lets in whoever has begun it before it was locked.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(QUIZ, quiz_id, *caller(actor))
    admit(row, even_locked=even_locked)
    terms = Terms.of(row)
    return QuizAccess(
        item_id=quiz_id,
        module_id=row["module_id"],
        course_id=row["course_id"],
        passing_score=row["passing_score"],
        scoring=Scoring(row["scoring"]),
        wrong_penalty_percent=row["wrong_penalty_percent"],
        terms=terms.at_any_time() if row["access"] == "staff" else terms,
    )
