"""What learners are asked: assignments with their tests, quizzes with their questions."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from codezest_db.base import (
    BIGINT,
    EMPTY_ARRAY,
    EMPTY_OBJECT,
    EMPTY_TEXTS,
    Base,
    Identified,
    JsonObject,
    SoftDeleted,
    Timestamped,
)
from codezest_db.enums import AssignmentKind, CheckerKind, Difficulty, GradingMode, QuestionType, Scoring
from codezest_db.models.learning.columns import (
    SCHEMA,
    InModule,
    Revisioned,
    Timed,
    in_module_constraints,
    percent_check,
    position_check,
    timed_constraints,
)

SECONDS = Numeric(7, 3, asdecimal=False)
JSON = JSONB(none_as_null=True)


class Assignment(Identified, Timed, InModule, Base):
    __tablename__ = "assignments"

    instructions: Mapped[str | None] = mapped_column(comment="Markdown.")
    kind: Mapped[AssignmentKind] = mapped_column(server_default=AssignmentKind.CODE)
    language: Mapped[str | None] = mapped_column(comment="Key of the grader's language, such as python.")
    difficulty: Mapped[Difficulty] = mapped_column(server_default=Difficulty.BEGINNER)
    starter_code: Mapped[str | None]
    solution_code: Mapped[str | None] = mapped_column(comment="Never shown to learners.")
    hints: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    max_score: Mapped[int] = mapped_column(server_default="100")
    time_limit_minutes: Mapped[int | None]
    allow_late: Mapped[bool] = mapped_column(
        server_default="true", comment="False is the same as the late policy CUT_OFF."
    )
    cpu_seconds: Mapped[float] = mapped_column(SECONDS, server_default="2", comment="Per test.")
    wall_seconds: Mapped[float] = mapped_column(SECONDS, server_default="6", comment="Per test.")
    memory_bytes: Mapped[int] = mapped_column(BIGINT, server_default="134217728", comment="Per test.")
    output_bytes: Mapped[int] = mapped_column(BIGINT, server_default="1048576", comment="Per test.")
    checker: Mapped[CheckerKind] = mapped_column(server_default=CheckerKind.EXACT)
    checker_options: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)
    tests_revision: Mapped[str | None] = mapped_column(comment="Hash of the tests; a verdict names the one it used.")
    grading_mode: Mapped[GradingMode] = mapped_column(server_default=GradingMode.STDIO)
    function_name: Mapped[str | None] = mapped_column(comment="What tests of mode FUNCTION call.")
    starter_files: Mapped[dict[str, str]] = mapped_column(
        JSON,
        server_default=EMPTY_OBJECT,
        comment="Text by path, beside starter_code; if any, learners send several files.",
    )
    solution_files: Mapped[dict[str, str]] = mapped_column(
        JSON, server_default=EMPTY_OBJECT, comment="Text by path, beside solution_code. Never shown to learners."
    )
    harness: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT,
        comment="The author's programs: checker, interactor, unit_tests, support_files, generators. Never shown to learners.",
    )
    rules: Mapped[list[JsonObject]] = mapped_column(
        JSON,
        server_default=EMPTY_ARRAY,
        comment="What the source must or must not contain: kind, construct or query, message.",
    )
    test_groups: Mapped[list[JsonObject]] = mapped_column(
        JSON,
        server_default=EMPTY_ARRAY,
        comment="Tests that count together: name, policy, points (null: those of its tests).",
    )
    seed: Mapped[int] = mapped_column(BIGINT, server_default="0", comment="Of generators whose test names none.")
    separate_processes: Mapped[bool] = mapped_column(
        server_default="false", comment="Every test gets a process of its own, even where a shared one is faster."
    )
    wrong_programs: Mapped[list[JsonObject]] = mapped_column(
        JSON,
        server_default=EMPTY_ARRAY,
        comment="Programs of typical misconceptions: file, files, verdict, fails, why. Never shown to learners.",
    )
    graded_by_hand: Mapped[bool] = mapped_column(
        server_default="false",
        comment="People grade programs as well, after the tests; texts and files they always do.",
    )
    anonymous_grading: Mapped[bool] = mapped_column(
        server_default="false", comment="Graders see no names until a grade is released."
    )
    hold_grades: Mapped[bool] = mapped_column(
        server_default="false", comment="Grades given by hand are shown when all are released."
    )
    passing_score: Mapped[int] = mapped_column(server_default="50", comment="Percent, of a grade given by hand.")
    regrade_days: Mapped[int | None] = mapped_column(
        comment="How long a grade may be asked about; null: as the course says; 0: not at all."
    )
    rubric_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning.rubrics.id", ondelete="SET NULL"), index=True)

    tests: Mapped[list["AssignmentTest"]] = relationship(
        back_populates="assignment",
        lazy="raise",
        order_by="AssignmentTest.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    __table_args__ = (
        *in_module_constraints("assignments"),
        *timed_constraints(),
        CheckConstraint("kind <> 'CODE' OR language IS NOT NULL", name="code_names_language"),
        CheckConstraint("max_score > 0", name="max_score_range"),
        CheckConstraint("time_limit_minutes > 0", name="time_limit_minutes_range"),
        CheckConstraint("cpu_seconds > 0", name="cpu_seconds_range"),
        CheckConstraint("wall_seconds > 0", name="wall_seconds_range"),
        CheckConstraint("memory_bytes > 0", name="memory_bytes_range"),
        CheckConstraint("output_bytes > 0", name="output_bytes_range"),
        CheckConstraint("jsonb_typeof(checker_options) = 'object'", name="checker_options_is_object"),
        CheckConstraint("function_name <> ''", name="function_name_given"),
        CheckConstraint("jsonb_typeof(starter_files) = 'object'", name="starter_files_is_object"),
        CheckConstraint("jsonb_typeof(solution_files) = 'object'", name="solution_files_is_object"),
        CheckConstraint("jsonb_typeof(harness) = 'object'", name="harness_is_object"),
        CheckConstraint("jsonb_typeof(rules) = 'array'", name="rules_is_array"),
        CheckConstraint("jsonb_typeof(test_groups) = 'array'", name="test_groups_is_array"),
        CheckConstraint("jsonb_typeof(wrong_programs) = 'array'", name="wrong_programs_is_array"),
        percent_check("passing_score"),
        CheckConstraint("regrade_days BETWEEN 0 AND 365", name="regrade_days_range"),
        {"schema": SCHEMA, "comment": "Exercises, graded by tests or by hand."},
    )


class AssignmentTest(Identified, Timestamped, Base):
    __tablename__ = "assignment_tests"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("learning.assignments.id", ondelete="CASCADE"))
    name: Mapped[str]
    position: Mapped[int]
    stdin: Mapped[str] = mapped_column(server_default="")
    args: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    files: Mapped[dict[str, str]] = mapped_column(JSONB(), server_default=EMPTY_OBJECT, comment="Text by file name.")
    expected: Mapped[str | None] = mapped_column(comment="Null: the program only has to end normally.")
    checker: Mapped[CheckerKind | None] = mapped_column(comment="Null: as the assignment says.")
    checker_options: Mapped[JsonObject | None] = mapped_column(comment="Null: as the assignment says.")
    points: Mapped[int] = mapped_column(server_default="1")
    visible: Mapped[bool] = mapped_column(
        server_default="true", comment="Hidden tests are named to learners, never shown."
    )
    kind_of_case: Mapped[str | None] = mapped_column(comment="What a hidden test tries, in words for learners.")
    cpu_seconds: Mapped[float | None] = mapped_column(SECONDS, comment="Null: as the assignment says.")
    wall_seconds: Mapped[float | None] = mapped_column(SECONDS, comment="Null: as the assignment says.")
    memory_bytes: Mapped[int | None] = mapped_column(BIGINT, comment="Null: as the assignment says.")
    output_bytes: Mapped[int | None] = mapped_column(BIGINT, comment="Null: as the assignment says.")
    group_name: Mapped[str | None] = mapped_column(
        comment="One of the assignment's test_groups; null: it counts alone."
    )
    bonus: Mapped[bool] = mapped_column(
        server_default="false", comment="Its points come on top; nobody needs them to pass."
    )
    sample: Mapped[bool] = mapped_column(server_default="false", comment="Shown with the task, as an example.")
    arguments: Mapped[list[Any] | None] = mapped_column(
        JSON, comment="Of the function that is called, in mode FUNCTION."
    )
    generator: Mapped[JsonObject | None] = mapped_column(
        comment="What writes its input: script (of the harness), args, seed (null: the assignment's)."
    )

    assignment: Mapped[Assignment] = relationship(back_populates="tests", lazy="raise")

    __table_args__ = (
        UniqueConstraint("assignment_id", "position"),
        position_check(),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("points >= 0", name="points_range"),
        CheckConstraint("cpu_seconds > 0", name="cpu_seconds_range"),
        CheckConstraint("wall_seconds > 0", name="wall_seconds_range"),
        CheckConstraint("memory_bytes > 0", name="memory_bytes_range"),
        CheckConstraint("jsonb_typeof(files) = 'object'", name="files_is_object"),
        CheckConstraint("jsonb_typeof(checker_options) = 'object'", name="checker_options_is_object"),
        CheckConstraint("output_bytes > 0", name="output_bytes_range"),
        CheckConstraint("group_name <> ''", name="group_name_given"),
        CheckConstraint("visible OR NOT sample", name="sample_is_visible"),
        CheckConstraint("jsonb_typeof(arguments) = 'array'", name="arguments_is_array"),
        CheckConstraint("jsonb_typeof(generator) = 'object'", name="generator_is_object"),
        {"schema": SCHEMA, "comment": "What a program is run on, and what it must print."},
    )


class Quiz(Identified, Timed, InModule, Base):
    __tablename__ = "quizzes"

    passing_score: Mapped[int] = mapped_column(server_default="70", comment="Percent.")
    time_limit_minutes: Mapped[int | None]
    attempt_limit: Mapped[int | None] = mapped_column(comment="Null: as often as one likes.")
    shuffle: Mapped[bool] = mapped_column(server_default="false")
    draw_count: Mapped[int | None] = mapped_column(comment="How many of its own questions an attempt asks; null: all.")
    draws: Mapped[list[JsonObject]] = mapped_column(
        JSON,
        server_default=EMPTY_ARRAY,
        comment="What an attempt draws from the course's bank besides: count, and optionally topic and difficulty.",
    )
    shuffle_options: Mapped[bool] = mapped_column(server_default="false")
    scoring: Mapped[Scoring] = mapped_column(server_default=Scoring.ALL_OR_NOTHING)
    wrong_penalty_percent: Mapped[int] = mapped_column(
        server_default="0", comment="Of a question's points, which a wrong answer takes away; the sum is never below 0."
    )

    questions: Mapped[list["Question"]] = relationship(
        back_populates="quiz", lazy="raise", order_by="Question.position", passive_deletes=True
    )

    __table_args__ = (
        *in_module_constraints("quizzes"),
        *timed_constraints(),
        percent_check("passing_score"),
        CheckConstraint("time_limit_minutes > 0", name="time_limit_minutes_range"),
        CheckConstraint("attempt_limit > 0", name="attempt_limit_range"),
        CheckConstraint("draw_count > 0", name="draw_count_range"),
        CheckConstraint("jsonb_typeof(draws) = 'array'", name="draws_is_array"),
        percent_check("wrong_penalty_percent"),
        {"schema": SCHEMA, "comment": "Quizzes; how many questions one has is counted, not stored."},
    )


IN_BANK = text("course_id IS NOT NULL AND deleted_at IS NULL")


class Question(Identified, Revisioned, Timestamped, SoftDeleted, Base):
    __tablename__ = "questions"

    quiz_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning.quizzes.id", ondelete="CASCADE"))
    course_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.courses.id", ondelete="CASCADE"),
        comment="Whose bank it is in; null: it belongs to a quiz.",
    )
    type: Mapped[QuestionType] = mapped_column(server_default=QuestionType.SINGLE_CHOICE)
    text: Mapped[str] = mapped_column(comment="Markdown.")
    explanation: Mapped[str | None] = mapped_column(comment="Shown after answering.")
    points: Mapped[int] = mapped_column(server_default="1")
    position: Mapped[int] = mapped_column(server_default="0")
    difficulty: Mapped[Difficulty] = mapped_column(server_default=Difficulty.BEGINNER)
    topic: Mapped[str | None]
    media: Mapped[JsonObject | None] = mapped_column(comment="Optional image_url with image_alt, and video_url.")
    answer_key: Mapped[JsonObject | None] = mapped_column(comment="For types whose answer is not a choice of options.")

    quiz: Mapped[Quiz | None] = relationship(back_populates="questions", lazy="raise")
    options: Mapped[list["Option"]] = relationship(
        back_populates="question", lazy="raise", order_by="Option.position", passive_deletes=True
    )

    __table_args__ = (
        Index(None, "quiz_id", "position"),
        Index(None, "course_id", "topic", "difficulty"),
        Index("ix_questions_course_id_id", "course_id", "id", postgresql_where=IN_BANK),
        position_check(),
        CheckConstraint("num_nonnulls(quiz_id, course_id) = 1", name="one_home"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("points > 0", name="points_range"),
        CheckConstraint("jsonb_typeof(media) = 'object'", name="media_is_object"),
        CheckConstraint("jsonb_typeof(answer_key) = 'object'", name="answer_key_is_object"),
        {"schema": SCHEMA, "comment": "Questions; one that was answered cannot be deleted, only marked so."},
    )


class Option(Identified, Timestamped, SoftDeleted, Base):
    __tablename__ = "options"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("learning.questions.id", ondelete="CASCADE"))
    text: Mapped[str]
    is_correct: Mapped[bool] = mapped_column(server_default="false")
    position: Mapped[int] = mapped_column(server_default="0")

    question: Mapped[Question] = relationship(back_populates="options", lazy="raise")

    __table_args__ = (
        Index(None, "question_id", "position"),
        position_check(),
        CheckConstraint("text <> ''", name="text_given"),
        {"schema": SCHEMA, "comment": "What a question offers to choose from."},
    )
