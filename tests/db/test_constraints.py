"""Rules that are constraints bite, whatever code forgets them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db import models as m
from codezest_db.ids import uuid7

NOW = datetime.now(UTC)
SOON = NOW + timedelta(days=1)
HASH = bytes(32)
IDS = {
    name: uuid7()
    for name in [
        "user",
        "other",
        "language",
        "path",
        "course",
        "module",
        "elsewhere",
        "material",
        "assignment",
        "quiz",
        "question",
        "option",
        "enrollment",
        "submission",
        "attempt",
        "answer",
    ]
}
U, A, Q = IDS["user"], IDS["assignment"], IDS["quiz"]

ROWS: tuple[tuple[type[m.Base], Mapping[str, Any]], ...] = (
    (m.User, {"id": U, "email": "one@example.org", "first_name": "One", "last_name": "User"}),
    (m.User, {"id": IDS["other"], "email": "two@example.org", "first_name": "Two", "last_name": ""}),
    (m.ProgrammingLanguage, {"id": IDS["language"], "name": "Python", "slug": "python"}),
    (m.Course, {"id": IDS["path"], "kind": "PATH", "language_id": IDS["language"], "title": "P", "slug": "python-path"}),
    (m.Course, {"id": IDS["course"], "language_id": IDS["language"], "title": "C", "slug": "course", "price_minor": 999}),
    (m.Module, {"id": IDS["module"], "course_id": IDS["path"], "title": "M", "slug": "basics"}),
    (m.Module, {"id": IDS["elsewhere"], "course_id": IDS["course"], "title": "M", "slug": "basics"}),
    (m.Quiz, {"id": Q, "module_id": IDS["module"], "title": "Q", "slug": "quiz"}),
    (m.Material, {"id": IDS["material"], "module_id": IDS["module"], "title": "T", "slug": "intro", "type": "ARTICLE"}),
    (m.Assignment, {"id": A, "module_id": IDS["module"], "title": "A", "slug": "sum", "language": "python"}),
    (m.AssignmentTest, {"assignment_id": A, "name": "one", "position": 0}),
    (m.Question, {"id": IDS["question"], "quiz_id": Q, "text": "?"}),
    (m.Option, {"id": IDS["option"], "question_id": IDS["question"], "text": "!"}),
    (m.Enrollment, {"id": IDS["enrollment"], "user_id": U, "course_id": IDS["path"]}),
    (m.ModuleProgress, {"user_id": U, "module_id": IDS["module"]}),
    (m.MaterialProgress, {"user_id": U, "material_id": IDS["material"]}),
    (
        m.Submission,
        {"id": IDS["submission"], "user_id": U, "assignment_id": A, "code": "x", "language": "python", "attempt_number": 1,
         "idempotency_key": "k"},
    ),
    (m.SubmissionTestResult, {"submission_id": IDS["submission"], "position": 0, "name": "n", "verdict": "AC", "visible": True}),
    (m.QuizAttempt, {"id": IDS["attempt"], "user_id": U, "quiz_id": Q, "attempt_number": 1}),
    (m.QuizAnswer, {"id": IDS["answer"], "attempt_id": IDS["attempt"], "question_id": IDS["question"]}),
    (m.CourseReview, {"user_id": U, "course_id": IDS["path"], "rating": 5}),
    (m.Session, {"user_id": U, "token_hash": HASH, "expires_at": SOON}),
)  # fmt: skip

SUBMISSION = {"user_id": U, "assignment_id": A, "code": "x", "language": "python", "attempt_number": 2}
RESULT = {"submission_id": IDS["submission"], "position": 1, "name": "n", "verdict": "AC", "visible": True}
COURSE = {"title": "X", "slug": "x"}
MATERIAL = {"module_id": IDS["module"], "title": "X", "slug": "x", "type": "ARTICLE"}
ASSIGNMENT = {"module_id": IDS["module"], "title": "X", "slug": "x", "language": "python"}
PATH = {"kind": "PATH", "language_id": IDS["language"]}

REFUSED: tuple[tuple[type[m.Base], Mapping[str, Any], str], ...] = (
    (m.User, {"email": "ONE@example.ORG", "first_name": "X", "last_name": ""}, "uq_users_email"),
    (m.User, {"email": "nowhere", "first_name": "X", "last_name": ""}, "ck_users_email_shape"),
    (m.User, {"email": "a@b.example", "first_name": "", "last_name": ""}, "ck_users_first_name_given"),
    (m.User, {"email": "a@b.example", "first_name": "X", "last_name": "", "date_of_birth": date(1066, 1, 1)},
     "ck_users_date_of_birth_plausible"),
    (m.Session, {"user_id": U, "token_hash": HASH, "expires_at": SOON}, "uq_sessions_token_hash"),
    (m.Session, {"user_id": U, "token_hash": b"token", "expires_at": SOON}, "ck_sessions_token_hash_is_sha256"),
    (m.Session, {"user_id": U, "token_hash": bytes(31) + b"1", "expires_at": NOW - timedelta(days=1)},
     "ck_sessions_expires_after_creation"),
    (m.Session, {"user_id": uuid4(), "token_hash": bytes(31) + b"2", "expires_at": SOON}, "fk_sessions_user_id_users"),
    (m.OAuthAccount, {"user_id": U, "provider": "git hub", "provider_account_id": "1"}, "ck_oauth_accounts_provider_is_key"),
    (m.ProgrammingLanguage, {"name": "Other", "slug": "python"}, "uq_programming_languages_slug"),
    (m.ProgrammingLanguage, {"name": "Other", "slug": "C++"}, "ck_programming_languages_slug_shape"),
    (m.Course, {**COURSE, "slug": "course"}, "uq_courses_slug"),
    (m.Course, {**COURSE, **PATH}, "uq_courses_language_id"),
    (m.Course, {**COURSE, "kind": "PATH"}, "ck_courses_path_is_free"),
    (m.Course, {**COURSE, **PATH, "price_minor": 1}, "ck_courses_path_is_free"),
    (m.Course, {**COURSE, "price_minor": -1}, "ck_courses_price_minor_range"),
    (m.Course, {**COURSE, "currency": "usd"}, "ck_courses_currency_shape"),
    (m.Course, {**COURSE, "status": "PUBLISHED"}, "ck_courses_published_has_time"),
    (m.Course, {**COURSE, "rating_average": 5.5, "rating_count": 1}, "ck_courses_rating_average_range"),
    (m.Course, {**COURSE, "rating_count": 1}, "ck_courses_rating_has_count"),
    (m.Module, {"course_id": IDS["path"], "title": "X", "slug": "basics"}, "uq_modules_course_id_slug"),
    (m.Module, {"course_id": IDS["path"], "title": "X", "slug": "x", "status": "ARCHIVED"}, "ck_modules_status_not_archived"),
    (m.ModulePrerequisite, {"module_id": IDS["module"], "prerequisite_id": IDS["module"]}, "ck_module_prerequisites_not_itself"),
    (m.Material, {**MATERIAL, "slug": "intro"}, "uq_materials_module_id_slug"),
    (m.Material, {**MATERIAL, "quiz_id": Q}, "ck_materials_quiz_only_for_quiz"),
    (m.Material, {**MATERIAL, "type": "QUIZ", "status": "PUBLISHED"}, "ck_materials_published_quiz_is_named"),
    (m.Material, {**MATERIAL, "duration_minutes": 0}, "ck_materials_duration_minutes_range"),
    (m.Assignment, {**ASSIGNMENT, "language": None}, "ck_assignments_code_names_language"),
    (m.Assignment, {**ASSIGNMENT, "cpu_seconds": 0}, "ck_assignments_cpu_seconds_range"),
    (m.Assignment, {**ASSIGNMENT, "function_name": ""}, "ck_assignments_function_name_given"),
    (m.Assignment, {**ASSIGNMENT, "harness": []}, "ck_assignments_harness_is_object"),
    (m.Assignment, {**ASSIGNMENT, "starter_files": []}, "ck_assignments_starter_files_is_object"),
    (m.Assignment, {**ASSIGNMENT, "solution_files": []}, "ck_assignments_solution_files_is_object"),
    (m.Assignment, {**ASSIGNMENT, "rules": {}}, "ck_assignments_rules_is_array"),
    (m.Assignment, {**ASSIGNMENT, "test_groups": {}}, "ck_assignments_test_groups_is_array"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 1, "sample": True, "visible": False},
     "ck_assignment_tests_sample_is_visible"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 1, "arguments": {}}, "ck_assignment_tests_arguments_is_array"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 1, "generator": []}, "ck_assignment_tests_generator_is_object"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 1, "group_name": ""}, "ck_assignment_tests_group_name_given"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 1, "output_bytes": 0}, "ck_assignment_tests_output_bytes_range"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 0}, "uq_assignment_tests_assignment_id_position"),
    (m.AssignmentTest, {"assignment_id": A, "name": "x", "position": 1, "points": -1}, "ck_assignment_tests_points_range"),
    (m.Quiz, {"module_id": IDS["module"], "title": "X", "slug": "x", "passing_score": 101}, "ck_quizzes_passing_score_range"),
    (m.Question, {"quiz_id": Q, "text": "x", "points": 0}, "ck_questions_points_range"),
    (m.Enrollment, {"user_id": U, "course_id": IDS["path"]}, "uq_enrollments_user_id_course_id"),
    (m.Enrollment, {"user_id": U, "course_id": IDS["course"], "progress_percent": 101}, "ck_enrollments_progress_percent_range"),
    (m.Enrollment, {"user_id": U, "course_id": IDS["course"], "status": "COMPLETED"}, "ck_enrollments_completed_has_time"),
    (m.ModuleProgress, {"user_id": U, "module_id": IDS["module"]}, "uq_module_progress_user_id_module_id"),
    (m.MaterialProgress, {"user_id": U, "material_id": IDS["material"]}, "uq_material_progress_user_id_material_id"),
    (m.MaterialProgress, {"user_id": IDS["other"], "material_id": IDS["material"], "completed": True, "completed_at": NOW},
     "ck_material_progress_completed_is_status"),
    (m.Submission, {**SUBMISSION, "attempt_number": 1}, "uq_submissions_attempt_number"),
    (m.Submission, {**SUBMISSION, "attempt_number": None}, "ck_submissions_submit_is_numbered"),
    (m.Submission, {**SUBMISSION, "material_id": IDS["material"]}, "ck_submissions_one_target"),
    (m.Submission, {**SUBMISSION, "purpose": "PLAYGROUND", "attempt_number": None}, "ck_submissions_playground_names_material"),
    (m.Submission, {**SUBMISSION, "code": None}, "ck_submissions_has_answer"),
    (m.Submission, {**SUBMISSION, "score": 101}, "ck_submissions_score_range"),
    (m.Submission, {**SUBMISSION, "status": "PASSED"}, "ck_submissions_graded_has_time"),
    (m.Submission, {**SUBMISSION, "idempotency_key": "k"}, "uq_submissions_idempotency_key"),
    (m.Submission, {**SUBMISSION, "files": []}, "ck_submissions_files_is_object"),
    (m.SubmissionTestResult, {**RESULT, "arguments": {}}, "ck_submission_test_results_arguments_is_array"),
    (m.SubmissionTestResult, {**RESULT, "fraction": 1.5}, "ck_submission_test_results_fraction_range"),
    (m.SubmissionTestResult, {**RESULT, "position": 0}, "uq_submission_test_results_submission_id_position"),
    (m.SubmissionTestResult, {**RESULT, "points": 2, "max_points": 1}, "ck_submission_test_results_points_range"),
    (m.QuizAttempt, {"user_id": U, "quiz_id": Q, "attempt_number": 2}, "uq_quiz_attempts_in_progress"),
    (m.QuizAttempt, {"user_id": U, "quiz_id": Q, "attempt_number": 1, "status": "EXPIRED"},
     "uq_quiz_attempts_user_id_quiz_id_attempt_number"),
    (m.QuizAttempt, {"user_id": U, "quiz_id": Q, "attempt_number": 2, "status": "GRADED"}, "ck_quiz_attempts_completed_has_time"),
    (m.QuizAnswer, {"attempt_id": IDS["attempt"], "question_id": IDS["question"]}, "uq_quiz_answers_attempt_id_question_id"),
    (m.Grading, {"submission_id": IDS["submission"], "marks": 11, "max_marks": 10}, "ck_gradings_marks_range"),
    (m.CourseReview, {"user_id": IDS["other"], "course_id": IDS["path"], "rating": 5},
     "fk_course_reviews_user_id_course_id_enrollments"),
    (m.CourseReview, {"user_id": U, "course_id": IDS["path"], "rating": 1}, "uq_course_reviews_user_id_course_id"),
    (m.Outbox, {"topic": "", "payload": {}}, "ck_outbox_topic_given"),
    (m.IdempotencyKey, {"user_id": U, "route": "r", "key": "", "request_hash": HASH}, "ck_idempotency_keys_key_length"),
)  # fmt: skip


@pytest.fixture
async def filled(session: AsyncSession) -> AsyncSession:
    """One valid row of most tables."""
    for model, values in ROWS:
        await session.execute(insert(model).values(**values))
    return session


@pytest.mark.parametrize(
    ("model", "values", "constraint"), REFUSED, ids=[f"{index}-{row[2]}" for index, row in enumerate(REFUSED)]
)
async def test_refused(filled: AsyncSession, model: type[m.Base], values: Mapping[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        async with filled.begin_nested():
            await filled.execute(insert(model).values(**values))


async def test_every_enumeration_is_checked_by_the_server(filled: AsyncSession) -> None:
    """Plain SQL does not pass through the models."""
    with pytest.raises(DBAPIError, match="ck_users_role"):
        await filled.execute(text("UPDATE auth.users SET role = 'teacher'"))


@pytest.mark.parametrize(
    ("model", "key", "again"),
    [
        (m.User, U, {"email": "one@example.org", "first_name": "New", "last_name": ""}),
        (m.ProgrammingLanguage, IDS["language"], {"name": "Python", "slug": "python"}),
        (m.Course, IDS["path"], {"title": "P", "slug": "python-path", **PATH}),
        (m.Module, IDS["module"], {"course_id": IDS["path"], "title": "M", "slug": "basics"}),
        (m.Material, IDS["material"], {**MATERIAL, "slug": "intro"}),
        (m.Assignment, A, {**ASSIGNMENT, "slug": "sum"}),
        (m.Quiz, Q, {"module_id": IDS["module"], "title": "Q", "slug": "quiz"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_deleted_row_frees_its_name(filled: AsyncSession, model: Any, key: UUID, again: dict[str, Any]) -> None:
    await filled.execute(update(model).where(model.id == key).values(deleted_at=NOW))
    await filled.execute(insert(model).values(**again))


async def test_an_answered_question_cannot_be_deleted(filled: AsyncSession) -> None:
    with pytest.raises(IntegrityError, match="fk_quiz_answers_question_id_questions"):
        await filled.execute(delete(m.Question).where(m.Question.id == IDS["question"]))


async def test_erasing_a_user_takes_their_rows_along(filled: AsyncSession) -> None:
    await filled.execute(delete(m.User).where(m.User.id == U))
    for model in (
        m.Session,
        m.Enrollment,
        m.Submission,
        m.SubmissionTestResult,
        m.QuizAttempt,
        m.QuizAnswer,
        m.CourseReview,
    ):
        assert (await filled.scalars(select(model))).all() == []
    assert (await filled.scalars(select(m.Assignment))).one().id == A


async def test_limits_come_back_as_numbers_and_addresses_as_text(filled: AsyncSession) -> None:
    assignment = (await filled.scalars(select(m.Assignment))).one()
    assert (assignment.cpu_seconds, assignment.wall_seconds, assignment.memory_bytes) == (2.0, 6.0, 128 << 20)
    await filled.execute(update(m.Session).values(ip_address="2001:db8::1"))
    assert (await filled.scalars(select(m.Session.ip_address))).one() == "2001:db8::1"
