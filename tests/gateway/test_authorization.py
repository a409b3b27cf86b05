"""Who may do what: every route of the API against every kind of caller.

A route that is missing from `TABLE` fails the test, so that none is added without a decision. Each request is well-formed
and names things that exist, so that nothing but the caller decides the answer.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from codezest.gateway.administration.browsing import encode_key
from codezest.gateway.app import Application
from codezest.kit import tokens
from codezest.kit.files import Files
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from fixtures.accounts import MakeUser, SignedIn, client_for

API = "/api/v1"
CALLERS = ("anonymous", "student", "other student", "instructor", "other instructor", "admin")

OK = frozenset({200, 201, 202, 204})
UNKNOWN = frozenset({401})
NO = frozenset({403})
HIDDEN = frozenset({404})
REFUSED = NO | HIDDEN

Row = tuple[frozenset[int], ...]
EVERYBODY: Row = (OK,) * 6
SIGNED_IN: Row = (UNKNOWN, OK, OK, OK, OK, OK)
LEARNER: Row = (UNKNOWN, OK, NO, OK, NO, OK)
"""Enrolled learners and the staff of the course."""
OWNER_OR_STAFF: Row = (UNKNOWN, OK, HIDDEN, OK, HIDDEN, OK)
OWNER: Row = (UNKNOWN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
OWNER_OR_ADMINISTRATOR: Row = (UNKNOWN, OK, HIDDEN, HIDDEN, HIDDEN, OK)
TEACHERS: Row = (UNKNOWN, NO, NO, OK, OK, OK)
"""Whoever may teach at all."""
AUTHOR: Row = (UNKNOWN, REFUSED, REFUSED, OK, REFUSED, OK)
"""The instructor of the course and administrators."""
ADMINISTRATOR: Row = (UNKNOWN, NO, NO, NO, NO, OK)
NEEDS_PROOF: Row = (UNKNOWN, *(NO,) * 5)
"""Signed in is not enough: these sessions have proved nothing lately."""
STAFF: Row = (UNKNOWN, HIDDEN, HIDDEN, OK, HIDDEN, OK)
"""Who teaches in the course, with the permission that it takes; tests of each role stand beside what they may do."""
OPEN: Row = (frozenset(range(200, 500)),) * 6
"""Decided by what is sent (a password, a token), not by who sends it; never a failure of ours."""

TABLE: dict[tuple[str, str], Row] = {
    ("POST", "/auth/register"): OPEN,
    ("POST", "/auth/login"): OPEN,
    ("POST", "/auth/verify-email"): OPEN,
    ("POST", "/auth/resend-verification"): OPEN,
    ("POST", "/auth/forgot-password"): OPEN,
    ("POST", "/auth/reset-password"): OPEN,
    ("POST", "/auth/confirm-email-change"): OPEN,
    ("POST", "/auth/undo-email-change"): OPEN,
    ("POST", "/auth/second-step"): OPEN,
    ("POST", "/auth/passkey/options"): EVERYBODY,
    ("POST", "/auth/passkey"): OPEN,
    ("POST", "/auth/logout"): SIGNED_IN,
    ("GET", "/me"): SIGNED_IN,
    ("PATCH", "/me"): SIGNED_IN,
    ("GET", "/me/profile"): SIGNED_IN,
    ("PATCH", "/me/profile"): SIGNED_IN,
    ("POST", "/me/password"): (UNKNOWN, *(frozenset(range(400, 500)),) * 5),
    ("GET", "/me/ways-in"): SIGNED_IN,
    ("POST", "/me/proof"): (UNKNOWN, *(frozenset({422}),) * 5),
    ("POST", "/me/two-step"): NEEDS_PROOF,
    ("POST", "/me/two-step/confirm"): NEEDS_PROOF,
    ("DELETE", "/me/two-step"): NEEDS_PROOF,
    ("POST", "/me/two-step/recovery-codes"): NEEDS_PROOF,
    ("POST", "/me/passkeys/options"): NEEDS_PROOF,
    ("POST", "/me/passkeys"): NEEDS_PROOF,
    ("PATCH", "/me/passkeys/{passkey_id}"): OWNER,
    ("DELETE", "/me/passkeys/{passkey_id}"): NEEDS_PROOF,
    ("DELETE", "/me/connections/{connection_id}"): NEEDS_PROOF,
    ("GET", "/me/sessions"): SIGNED_IN,
    ("POST", "/me/email"): (UNKNOWN, *(frozenset(range(400, 500)),) * 5),
    ("PUT", "/me/avatar"): (UNKNOWN, *(frozenset({422}),) * 5),
    ("DELETE", "/me/avatar"): SIGNED_IN,
    ("GET", "/me/tokens"): SIGNED_IN,
    ("POST", "/me/tokens"): NEEDS_PROOF,
    ("DELETE", "/me/tokens/{token_id}"): OWNER,
    ("GET", "/me/exports"): SIGNED_IN,
    ("POST", "/me/exports"): NEEDS_PROOF,
    ("GET", "/me/exports/{export_id}/file"): (UNKNOWN, NO, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("POST", "/me/deletion"): (UNKNOWN, *(frozenset(range(400, 500)),) * 5),
    ("DELETE", "/me/deletion"): SIGNED_IN,
    ("GET", "/people/{handle}"): (HIDDEN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("DELETE", "/me/sessions/{session_id}"): (UNKNOWN, OK, *(HIDDEN,) * 4),
    ("GET", "/me/progress"): SIGNED_IN,
    ("GET", "/me/enrollments"): SIGNED_IN,
    ("GET", "/users"): ADMINISTRATOR,
    ("PATCH", "/users/{user_id}"): NEEDS_PROOF,
    ("POST", "/users"): NEEDS_PROOF,
    ("GET", "/users/{user_id}"): ADMINISTRATOR,
    ("DELETE", "/users/{user_id}"): NEEDS_PROOF,
    ("POST", "/users/{user_id}/restore"): NEEDS_PROOF,
    ("POST", "/users/{user_id}/verification"): NEEDS_PROOF,
    ("POST", "/users/{user_id}/password-letter"): ADMINISTRATOR,
    ("DELETE", "/users/{user_id}/two-step"): NEEDS_PROOF,
    ("GET", "/users/{user_id}/sessions"): ADMINISTRATOR,
    ("DELETE", "/users/{user_id}/sessions"): ADMINISTRATOR,
    ("DELETE", "/users/{user_id}/sessions/{session_id}"): ADMINISTRATOR,
    ("GET", "/admin/audit"): ADMINISTRATOR,
    ("GET", "/admin/audit/file"): ADMINISTRATOR,
    ("GET", "/admin/features"): ADMINISTRATOR,
    ("PUT", "/admin/features/{key}"): ADMINISTRATOR,
    ("GET", "/admin/overview"): ADMINISTRATOR,
    ("GET", "/admin/events"): ADMINISTRATOR,
    ("POST", "/admin/events/{event_id}/retry"): ADMINISTRATOR,
    ("DELETE", "/admin/events/{event_id}"): ADMINISTRATOR,
    ("GET", "/admin/tables"): ADMINISTRATOR,
    ("GET", "/admin/tables/{schema}/{name}"): ADMINISTRATOR,
    ("GET", "/admin/tables/{schema}/{name}/rows"): ADMINISTRATOR,
    ("GET", "/admin/tables/{schema}/{name}/row"): ADMINISTRATOR,
    ("GET", "/admin/courses"): ADMINISTRATOR,
    ("GET", "/admin/deleted"): ADMINISTRATOR,
    ("POST", "/admin/deleted/{content_id}/restore"): ADMINISTRATOR,
    ("GET", "/admin/enrollments"): ADMINISTRATOR,
    ("GET", "/search"): EVERYBODY,
    ("GET", "/courses"): EVERYBODY,
    ("GET", "/courses/{slug}"): EVERYBODY,
    ("POST", "/courses/{slug}/enroll"): SIGNED_IN,
    ("DELETE", "/courses/{slug}/enroll"): (UNKNOWN, OK, NO, NO, NO, NO),
    ("POST", "/join"): SIGNED_IN,
    ("GET", "/courses/{slug}/reviews"): EVERYBODY,
    ("PUT", "/courses/{slug}/review"): (UNKNOWN, OK, NO, NO, NO, NO),
    ("DELETE", "/courses/{slug}/review"): SIGNED_IN,
    ("GET", "/reviews/reported"): ADMINISTRATOR,
    ("POST", "/reviews/{review_id}/report"): (UNKNOWN, NO, OK, OK, OK, OK),
    ("PUT", "/reviews/{review_id}/reply"): STAFF,
    ("PUT", "/reviews/{review_id}/visibility"): ADMINISTRATOR,
    ("GET", "/me/instructor"): TEACHERS,
    ("PUT", "/me/instructor"): TEACHERS,
    ("GET", "/courses/{course_id}/enrolling"): STAFF,
    ("PATCH", "/courses/{course_id}/enrolling"): STAFF,
    ("GET", "/courses/{course_id}/codes"): STAFF,
    ("POST", "/courses/{course_id}/codes"): STAFF,
    ("DELETE", "/codes/{code_id}"): STAFF,
    ("GET", "/courses/{course_id}/cohorts"): STAFF,
    ("POST", "/courses/{course_id}/cohorts"): STAFF,
    ("PATCH", "/cohorts/{cohort_id}"): STAFF,
    ("GET", "/courses/{course_id}/learners"): STAFF,
    ("GET", "/courses/{course_id}/learners.csv"): STAFF,
    ("POST", "/courses/{course_id}/learners/change"): STAFF,
    ("POST", "/courses/{course_id}/learners/list"): STAFF,
    ("GET", "/courses/{course_id}/invitations"): STAFF,
    ("DELETE", "/invitations/{invitation_id}"): STAFF,
    ("GET", "/languages"): EVERYBODY,
    ("GET", "/languages/{slug}"): EVERYBODY,
    ("GET", "/languages/{slug}/modules"): EVERYBODY,
    ("GET", "/modules/{module_id}"): EVERYBODY,
    ("POST", "/languages/{slug}/enroll"): SIGNED_IN,
    ("DELETE", "/languages/{slug}/enroll"): (UNKNOWN, OK, NO, NO, NO, NO),
    ("GET", "/materials/{material_id}"): LEARNER,
    ("POST", "/materials/{material_id}/view"): LEARNER,
    ("POST", "/materials/{material_id}/complete"): LEARNER,
    ("PUT", "/materials/{material_id}/position"): LEARNER,
    ("PUT", "/materials/{material_id}/draft"): LEARNER,
    ("POST", "/materials/{material_id}/run"): LEARNER,
    ("GET", "/assignments/{assignment_id}"): LEARNER,
    ("POST", "/assignments/{assignment_id}/run"): LEARNER,
    ("POST", "/assignments/{assignment_id}/submissions"): LEARNER,
    ("GET", "/assignments/{assignment_id}/submissions"): LEARNER,
    ("GET", "/assignments/{assignment_id}/draft"): LEARNER,
    ("PUT", "/assignments/{assignment_id}/draft"): LEARNER,
    ("GET", "/assignments/{assignment_id}/hints"): LEARNER,
    ("POST", "/assignments/{assignment_id}/hints"): LEARNER,
    ("GET", "/submissions/{submission_id}"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/events"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/former-gradings"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/receipt"): OWNER_OR_ADMINISTRATOR,
    ("GET", "/receipts/keys"): EVERYBODY,
    ("GET", "/status"): EVERYBODY,
    ("GET", "/quizzes/{quiz_id}"): LEARNER,
    ("POST", "/quizzes/{quiz_id}/attempts"): LEARNER,
    ("GET", "/attempts/{attempt_id}"): OWNER_OR_STAFF,
    ("PUT", "/attempts/{attempt_id}/saved"): OWNER,
    ("POST", "/attempts/{attempt_id}/submit"): OWNER,
    ("POST", "/attempts/{attempt_id}/questions/{question_id}/run"): (UNKNOWN, frozenset({422}), *(HIDDEN,) * 4),
    ("GET", "/attempts/{attempt_id}/questions/{question_id}/run"): (UNKNOWN, *(HIDDEN,) * 5),
    ("GET", "/courses/{slug}/grades"): OWNER,
    ("GET", "/courses/{course_id}/gradebook"): STAFF,
    ("GET", "/courses/{course_id}/gradebook.csv"): STAFF,
    ("GET", "/courses/{course_id}/gradebook/settings"): STAFF,
    ("PUT", "/courses/{course_id}/gradebook/settings"): STAFF,
    ("POST", "/courses/{course_id}/gradebook/columns"): STAFF,
    ("DELETE", "/courses/{course_id}/gradebook/columns/{column_id}"): STAFF,
    ("GET", "/courses/{course_id}/gradebook/learners/{user_id}"): STAFF,
    ("POST", "/courses/{course_id}/gradebook/entries"): STAFF,
    ("POST", "/courses/{course_id}/gradebook/list"): STAFF,
    ("GET", "/courses/{course_id}/insights"): STAFF,
    ("GET", "/courses/{course_id}/statistics.csv"): STAFF,
    ("GET", "/quizzes/{quiz_id}/statistics"): STAFF,
    ("GET", "/assignments/{assignment_id}/statistics"): STAFF,
    ("GET", "/teach/attention"): SIGNED_IN,
    ("GET", "/courses/{course_id}/grading"): STAFF,
    ("POST", "/courses/{course_id}/grading/next"): STAFF,
    ("GET", "/courses/{course_id}/grading/settings"): STAFF,
    ("PUT", "/courses/{course_id}/grading/settings"): STAFF,
    ("GET", "/courses/{course_id}/rubrics"): STAFF,
    ("POST", "/courses/{course_id}/rubrics"): STAFF,
    ("GET", "/rubrics/{rubric_id}"): STAFF,
    ("PUT", "/rubrics/{rubric_id}"): STAFF,
    ("DELETE", "/rubrics/{rubric_id}"): STAFF,
    ("PATCH", "/assignments/{assignment_id}/grading"): STAFF,
    ("POST", "/assignments/{assignment_id}/grades/release"): STAFF,
    ("GET", "/submissions/{submission_id}/grading"): STAFF,
    ("PUT", "/submissions/{submission_id}/claim"): STAFF,
    ("DELETE", "/submissions/{submission_id}/claim"): STAFF,
    ("POST", "/submissions/{submission_id}/gradings"): STAFF,
    ("POST", "/submissions/{submission_id}/comments"): (UNKNOWN, NO, HIDDEN, OK, HIDDEN, OK),
    ("DELETE", "/comments/{comment_id}"): (UNKNOWN, HIDDEN, HIDDEN, OK, HIDDEN, NO),
    ("POST", "/submissions/{submission_id}/regrade-requests"): OWNER,
    ("POST", "/regrade-requests/{request_id}/decline"): STAFF,
    ("GET", "/submissions/{submission_id}/grade"): OWNER,
    ("GET", "/submissions/{submission_id}/changes"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/files/{position}"): OWNER_OR_STAFF,
    ("POST", "/assignments/{assignment_id}/answers"): LEARNER,
    ("POST", "/assignments/{assignment_id}/files"): (
        UNKNOWN,
        frozenset({422}),
        NO,
        frozenset({422}),
        NO,
        frozenset({422}),
    ),
    ("DELETE", "/hand-in-files/{file_id}"): OWNER,
    ("POST", "/languages"): ADMINISTRATOR,
    ("PATCH", "/languages/{slug}"): ADMINISTRATOR,
    ("DELETE", "/languages/{slug}"): ADMINISTRATOR,
    ("GET", "/languages/{slug}/authoring"): AUTHOR,
    ("POST", "/languages/{slug}/modules"): AUTHOR,
    ("PUT", "/languages/{slug}/modules/order"): AUTHOR,
    ("GET", "/modules/{module_id}/authoring"): AUTHOR,
    ("PATCH", "/modules/{module_id}"): AUTHOR,
    ("DELETE", "/modules/{module_id}"): AUTHOR,
    ("PUT", "/modules/{module_id}/order"): AUTHOR,
    ("POST", "/modules/{module_id}/materials"): AUTHOR,
    ("POST", "/modules/{module_id}/assignments"): AUTHOR,
    ("POST", "/modules/{module_id}/quizzes"): AUTHOR,
    ("GET", "/materials/{material_id}/authoring"): AUTHOR,
    ("PATCH", "/materials/{material_id}"): AUTHOR,
    ("DELETE", "/materials/{material_id}"): AUTHOR,
    ("GET", "/assignments/{assignment_id}/authoring"): AUTHOR,
    ("PATCH", "/assignments/{assignment_id}"): AUTHOR,
    ("DELETE", "/assignments/{assignment_id}"): AUTHOR,
    ("PUT", "/assignments/{assignment_id}/tests"): AUTHOR,
    ("PUT", "/assignments/{assignment_id}/tests/order"): AUTHOR,
    ("POST", "/assignments/{assignment_id}/trial"): AUTHOR,
    ("GET", "/assignments/{assignment_id}/trial"): AUTHOR,
    ("DELETE", "/assignments/{assignment_id}/trial"): AUTHOR,
    ("GET", "/assignments/{assignment_id}/trial/events"): (
        UNKNOWN,
        REFUSED,
        REFUSED,
        frozenset({404}),
        REFUSED,
        frozenset({404}),
    ),
    ("POST", "/assignments/{assignment_id}/trial/expected"): (
        UNKNOWN,
        REFUSED,
        REFUSED,
        frozenset({409}),
        REFUSED,
        frozenset({409}),
    ),
    ("POST", "/assignments/{assignment_id}/tests"): AUTHOR,
    ("POST", "/assignments/{assignment_id}/regrades"): AUTHOR,
    ("GET", "/regrades/{regrade_id}"): AUTHOR,
    ("POST", "/regrades/{regrade_id}/apply"): AUTHOR,
    ("POST", "/regrades/{regrade_id}/cancel"): AUTHOR,
    ("PATCH", "/tests/{test_id}"): AUTHOR,
    ("DELETE", "/tests/{test_id}"): AUTHOR,
    ("GET", "/quizzes/{quiz_id}/authoring"): AUTHOR,
    ("PATCH", "/quizzes/{quiz_id}"): AUTHOR,
    ("DELETE", "/quizzes/{quiz_id}"): AUTHOR,
    ("POST", "/quizzes/{quiz_id}/questions"): AUTHOR,
    ("PUT", "/quizzes/{quiz_id}/questions/order"): AUTHOR,
    ("POST", "/questions/{question_id}/copies"): AUTHOR,
    ("PUT", "/questions/{question_id}/options/order"): AUTHOR,
    ("GET", "/questions/{question_id}/authoring"): AUTHOR,
    ("PATCH", "/questions/{question_id}"): AUTHOR,
    ("DELETE", "/questions/{question_id}"): AUTHOR,
    ("POST", "/questions/{question_id}/check"): (
        UNKNOWN,
        REFUSED,
        REFUSED,
        frozenset({422}),
        REFUSED,
        frozenset({422}),
    ),
    ("GET", "/questions/{question_id}/check"): STAFF,
    ("POST", "/questions/{question_id}/options"): AUTHOR,
    ("PATCH", "/options/{option_id}"): AUTHOR,
    ("DELETE", "/options/{option_id}"): AUTHOR,
    ("GET", "/courses/{course_id}/bank"): STAFF,
    ("GET", "/courses/{course_id}/bank/topics"): STAFF,
    ("POST", "/courses/{course_id}/bank"): STAFF,
    ("POST", "/courses/{course_id}/bank/import"): AUTHOR,
    ("GET", "/courses/{course_id}/accommodations"): STAFF,
    ("PUT", "/courses/{course_id}/accommodations"): STAFF,
    ("DELETE", "/courses/{course_id}/accommodations/{accommodation_id}"): STAFF,
    ("POST", "/attempts/{attempt_id}/answers/{question_id}/marks"): STAFF,
    ("GET", "/submissions/{submission_id}/analysis"): OWNER_OR_STAFF,
    ("POST", "/submissions/{submission_id}/analysis"): OWNER_OR_STAFF,
    ("PUT", "/submissions/{submission_id}/analysis"): STAFF,
    ("POST", "/submissions/{submission_id}/analysis/approve"): STAFF,
    ("PUT", "/submissions/{submission_id}/analysis/helpful"): OWNER,
    ("GET", "/attempts/{attempt_id}/analysis"): OWNER_OR_STAFF,
    ("POST", "/attempts/{attempt_id}/analysis"): OWNER_OR_STAFF,
    ("PUT", "/attempts/{attempt_id}/analysis"): STAFF,
    ("POST", "/attempts/{attempt_id}/analysis/approve"): STAFF,
    ("GET", "/teach/courses/{course_id}/analyses"): STAFF,
    ("PUT", "/teach/courses/{course_id}/analysis-policy"): STAFF,
    ("GET", "/teach/assignments/{assignment_id}/mistakes"): STAFF,
    ("GET", "/teach/courses"): SIGNED_IN,
    ("POST", "/teach/courses"): (UNKNOWN, NO, NO, OK, OK, OK),
    ("GET", "/teach/courses/{course_id}"): STAFF,
    ("PATCH", "/teach/courses/{course_id}"): STAFF,
    ("DELETE", "/teach/courses/{course_id}"): STAFF,
    ("POST", "/teach/courses/{course_id}/restore"): (UNKNOWN, NO, NO, OK, HIDDEN, OK),
    ("PUT", "/teach/courses/{course_id}/status"): STAFF,
    ("POST", "/teach/courses/{course_id}/copies"): (UNKNOWN, NO, NO, OK, HIDDEN, OK),
    ("POST", "/teach/courses/{course_id}/modules"): STAFF,
    ("PUT", "/teach/courses/{course_id}/modules/order"): STAFF,
    ("PUT", "/teach/courses/{course_id}/place"): AUTHOR,
    ("POST", "/teach/courses/{course_id}/restored"): STAFF,
    ("GET", "/teach/courses/{course_id}/staff"): STAFF,
    ("PUT", "/teach/courses/{course_id}/staff"): STAFF,
    ("DELETE", "/teach/courses/{course_id}/staff/{user_id}"): STAFF,
    ("PUT", "/teach/courses/{course_id}/owner"): STAFF,
    ("POST", "/teach/preview"): SIGNED_IN,
    ("GET", "/courses/{course_id}/uploads"): AUTHOR,
    ("POST", "/courses/{course_id}/uploads"): (UNKNOWN, HIDDEN, HIDDEN, frozenset({422}), HIDDEN, frozenset({422})),
    ("GET", "/courses/{course_id}/export"): AUTHOR,
    ("GET", "/teach/imports"): TEACHERS,
    ("POST", "/teach/imports"): (UNKNOWN, NO, NO, *(frozenset({422}),) * 3),
    ("POST", "/courses/{course_id}/imports"): (UNKNOWN, REFUSED, REFUSED, frozenset({422}), REFUSED, frozenset({422})),
    ("GET", "/imports/{import_id}"): (UNKNOWN, HIDDEN, HIDDEN, OK, HIDDEN, HIDDEN),
    ("POST", "/imports/{import_id}/apply"): (UNKNOWN, NO, NO, frozenset({409}), HIDDEN, HIDDEN),
    ("DELETE", "/imports/{import_id}"): (UNKNOWN, HIDDEN, HIDDEN, OK, HIDDEN, HIDDEN),
    ("GET", "/courses/{course_id}/versions"): AUTHOR,
    ("GET", "/versions/{version_id}"): AUTHOR,
    ("GET", "/versions/{version_id}/comparison"): AUTHOR,
    ("POST", "/versions/{version_id}/restore"): AUTHOR,
    ("GET", "/uploads/{upload_id}"): AUTHOR,
    ("DELETE", "/uploads/{upload_id}"): AUTHOR,
    ("PUT", "/materials/{material_id}/uploads/{slot}"): AUTHOR,
    ("PUT", "/courses/{course_id}/image"): AUTHOR,
}

RUBRIC = {"title": "Rubric", "criteria": [{"title": "Argument", "levels": [{"title": "Clear", "points": 1}]}]}
OPTIONS = [{"text": "yes", "is_correct": True}, {"text": "no"}]
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/versions/{version_id}/restore"): {},
    ("POST", "/auth/register"): {
        "email": "new@codezest.example", "password": "a-long-enough-one", "first_name": "N", "last_name": "N",
    },
    ("POST", "/auth/login"): {"email": "new@codezest.example", "password": "wrong-password"},
    ("POST", "/auth/verify-email"): {"token": "czv_" + "x" * 43},
    ("POST", "/auth/resend-verification"): {"email": "new@codezest.example"},
    ("POST", "/auth/forgot-password"): {"email": "new@codezest.example"},
    ("POST", "/auth/reset-password"): {"token": "czr_" + "x" * 43, "password": "a-long-enough-one"},
    ("POST", "/auth/second-step"): {"ceremony": "czc_" + "x" * 43, "code": "123456"},
    ("POST", "/auth/passkey"): {"ceremony": "czc_" + "x" * 43, "credential": {}},
    ("POST", "/me/proof"): {"password": "not-the-one-set"},
    ("POST", "/me/two-step/confirm"): {"code": "123456"},
    ("POST", "/me/passkeys"): {"ceremony": "czc_" + "x" * 43, "name": "Mine", "credential": {}},
    ("PATCH", "/me/passkeys/{passkey_id}"): {"name": "Mine"},
    ("PATCH", "/me"): {"first_name": "Ada"},
    ("PATCH", "/me/profile"): {"bio": "Hello"},
    ("POST", "/auth/confirm-email-change"): {"token": "cze_" + "x" * 43},
    ("POST", "/auth/undo-email-change"): {"token": "czu_" + "x" * 43},
    ("POST", "/me/email"): {"new_email": "other@codezest.example", "current_password": "not-the-one-set"},
    ("POST", "/me/tokens"): {"name": "My script", "scopes": ["read"]},
    ("POST", "/me/deletion"): {"current_password": "not-the-one-set"},
    ("POST", "/me/password"): {"current_password": "not-the-one-set", "new_password": "a-long-enough-one"},
    ("PATCH", "/users/{user_id}"): {"role": "STUDENT"},
    ("POST", "/users"): {"email": "invited@codezest.example", "first_name": "Ada"},
    ("PUT", "/admin/features/{key}"): {"value": True, "revision": 0},
    ("POST", "/materials/{material_id}/run"): {"code": "print(1)"},
    ("POST", "/assignments/{assignment_id}/run"): {"code": "print(1)"},
    ("POST", "/assignments/{assignment_id}/submissions"): {"code": "print(1)"},
    ("PUT", "/assignments/{assignment_id}/draft"): {"code": "print(1)", "revision": 0},
    ("POST", "/assignments/{assignment_id}/hints"): {"position": 0},
    ("PUT", "/attempts/{attempt_id}/saved"): {"revision": 0, "questions": {}, "page": "the-same-page"},
    ("PUT", "/materials/{material_id}/position"): {"reading_position": 0.5},
    ("PUT", "/materials/{material_id}/draft"): {"code": "print(2)", "revision": 0},
    ("POST", "/attempts/{attempt_id}/submit"): {"answers": []},
    ("POST", "/attempts/{attempt_id}/questions/{question_id}/run"): {"code": "print(1)"},
    ("PUT", "/courses/{slug}/review"): {"rating": 4},
    ("POST", "/reviews/{review_id}/report"): {"reason": "Rude."},
    ("PUT", "/reviews/{review_id}/reply"): {"reply": "Thank you."},
    ("PUT", "/reviews/{review_id}/visibility"): {"hidden": True},
    ("PUT", "/me/instructor"): {"bio": "Hello", "expertise": []},
    ("PATCH", "/courses/{course_id}/enrolling"): {"prerequisite_ids": []},
    ("POST", "/courses/{course_id}/codes"): {},
    ("PATCH", "/cohorts/{cohort_id}"): {"capacity": 5},
    ("POST", "/courses/{course_id}/learners/list"): {"text": "somebody@codezest.example"},
    ("PATCH", "/languages/{slug}"): {"subtitle": "Again"},
    ("PATCH", "/modules/{module_id}"): {"description": "Again"},
    ("POST", "/modules/{module_id}/materials"): {"title": "More", "type": "ARTICLE", "content": "More"},
    ("POST", "/modules/{module_id}/assignments"): {"title": "More", "language": "python"},
    ("POST", "/modules/{module_id}/quizzes"): {"title": "More"},
    ("PATCH", "/materials/{material_id}"): {"description": "Again"},
    ("PATCH", "/assignments/{assignment_id}"): {"description": "Again"},
    ("POST", "/assignments/{assignment_id}/trial/expected"): {"positions": [0]},
    ("PUT", "/assignments/{assignment_id}/tests"): {"tests": [{"name": "one", "expected": "1\n"}]},
    ("POST", "/assignments/{assignment_id}/tests"): {"name": "two", "expected": "1\n"},
    ("POST", "/assignments/{assignment_id}/regrades"): {"reason": "A test was wrong."},
    ("PUT", "/courses/{course_id}/gradebook/settings"): {"passing_percent": 60},
    ("POST", "/courses/{course_id}/gradebook/columns"): {"title": "Talk"},
    ("PUT", "/courses/{course_id}/grading/settings"): {"kind": "PASS_FAIL"},
    ("POST", "/courses/{course_id}/rubrics"): RUBRIC,
    ("PUT", "/rubrics/{rubric_id}"): RUBRIC | {"version": 1},
    ("PATCH", "/assignments/{assignment_id}/grading"): {"passing_score": 60},
    ("POST", "/submissions/{submission_id}/gradings"): {"marks": 1},
    ("POST", "/submissions/{submission_id}/comments"): {"path": "main.py", "first_line": 1, "last_line": 1, "text": "x"},
    ("POST", "/regrade-requests/{request_id}/decline"): {"reply": "No."},
    ("POST", "/assignments/{assignment_id}/answers"): {"text": "Words."},
    ("PATCH", "/tests/{test_id}"): {"points": 2},
    ("PATCH", "/quizzes/{quiz_id}"): {"description": "Again"},
    ("POST", "/quizzes/{quiz_id}/questions"): {"text": "Really?", "options": OPTIONS},
    ("PATCH", "/questions/{question_id}"): {"topic": "Again"},
    ("POST", "/questions/{question_id}/options"): {"text": "perhaps"},
    ("PATCH", "/options/{option_id}"): {"text": "yes, really"},
    ("PUT", "/materials/{material_id}/uploads/{slot}"): {"upload_id": None},
    ("PUT", "/courses/{course_id}/image"): {"upload_id": None},
    ("PUT", "/submissions/{submission_id}/analysis"): {"revision": 0, "suggestions": ["Look again."]},
    ("POST", "/submissions/{submission_id}/analysis/approve"): {"revision": 0},
    ("PUT", "/submissions/{submission_id}/analysis/helpful"): {"helpful": True},
    ("PUT", "/attempts/{attempt_id}/analysis"): {"revision": 0, "insights": ["Look again."]},
    ("POST", "/attempts/{attempt_id}/analysis/approve"): {"revision": 0},
    ("PUT", "/teach/courses/{course_id}/analysis-policy"): {"policy": "APPROVAL"},
    ("POST", "/teach/courses"): {"title": "A course"},
    ("PATCH", "/teach/courses/{course_id}"): {"subtitle": "Again"},
    ("PUT", "/teach/courses/{course_id}/status"): {"status": "ARCHIVED"},
    ("POST", "/teach/courses/{course_id}/copies"): {},
    ("POST", "/teach/courses/{course_id}/modules"): {"title": "More"},
    ("POST", "/teach/preview"): {"markdown": "Text"},
}  # fmt: skip


@dataclass(slots=True)
class World:
    """One published path, its people, and the ids of what it holds; `fresh` makes a new thing to change or delete."""

    admin: httpx.AsyncClient
    instructor: SignedIn
    student: SignedIn
    files: Files
    ids: dict[str, str] = field(default_factory=dict[str, str])

    async def made(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self.admin.request(method, f"{API}{path}", json=body)
        assert answer.status_code in OK, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def build(self) -> None:
        language = await self.language()
        self.ids["slug"] = language
        module = await self.module(language)
        self.ids["module_id"] = module
        self.ids["material_id"] = await self.material(module)
        self.ids["assignment_id"] = await self.assignment(module)
        self.ids["quiz_id"] = await self.quiz(module)
        await self.made("PATCH", f"/modules/{module}", {"status": "PUBLISHED"})
        await self.made("PATCH", f"/languages/{language}", {"status": "PUBLISHED"})

    async def language(self) -> str:
        slug = f"lang-{uuid4().hex[:8]}"
        body = {"name": slug, "slug": slug, "runtime": "python", "instructor_user_id": str(self.instructor.id)}
        await self.made("POST", "/languages", body)
        return slug

    async def module(self, language: str | None = None) -> str:
        title = f"Module {uuid4().hex[:8]}"
        return str(
            (await self.made("POST", f"/languages/{language or self.ids['slug']}/modules", {"title": title}))["id"]
        )

    async def material(self, module: str | None = None) -> str:
        body = {
            "title": "Program",
            "type": "CODE_EXAMPLE",
            "content": "Run it.",
            "code": "print(1)",
            "status": "PUBLISHED",
        }
        return str((await self.made("POST", f"/modules/{module or await self.module()}/materials", body))["id"])

    async def assignment(self, module: str | None = None) -> str:
        body = {
            "title": "Exercise",
            "language": "python",
            "instructions": "Print 1.",
            "hints": ["Call print."],
            "solution_code": "print(1)",
        }
        made = str((await self.made("POST", f"/modules/{module or await self.module()}/assignments", body))["id"])
        test = await self.made("POST", f"/assignments/{made}/tests", {"name": "one", "expected": "1\n"})
        self.ids["test_id"] = str(test["id"])
        await self.made("PATCH", f"/assignments/{made}", {"status": "PUBLISHED"})
        return made

    async def quiz(self, module: str | None = None) -> str:
        made = str(
            (await self.made("POST", f"/modules/{module or await self.module()}/quizzes", {"title": "Quiz"}))["id"]
        )
        body = {"text": "Really?", "options": OPTIONS, "explanation": "Yes."}
        question = await self.made("POST", f"/quizzes/{made}/questions", body)
        self.ids["question_id"] = str(question["id"])
        self.ids["option_id"] = str(question["options"][1]["id"])
        await self.made("PATCH", f"/quizzes/{made}", {"status": "PUBLISHED"})
        return made


@pytest.fixture
async def callers(make_user: MakeUser) -> dict[str, SignedIn | None]:
    return {
        "anonymous": None,
        "student": await make_user(Role.STUDENT),
        "other student": await make_user(Role.STUDENT),
        "instructor": await make_user(Role.INSTRUCTOR),
        "other instructor": await make_user(Role.INSTRUCTOR),
        "admin": await make_user(Role.ADMIN),
    }


@pytest.fixture
async def world(application: Application, callers: dict[str, SignedIn | None], request: pytest.FixtureRequest) -> World:
    """Built anew for each row of the table, so that what one row deletes no other misses.

    What administrators do to accounts and to the platform needs no course, so that none is built for it.
    """
    admin, instructor, student = callers["admin"], callers["instructor"], callers["student"]
    assert admin is not None
    assert instructor is not None
    assert student is not None
    built = World(client_for(application, headers=admin.headers), instructor, student, Files.of(application.settings))
    path: str = request.getfixturevalue("route")[1]
    if path.startswith(("/admin/", "/users")) and "{content_id}" not in path and not path.endswith("/events"):
        return built
    await built.build()
    async with client_for(application, headers=student.headers) as client:
        await client.post(f"{API}/languages/{built.ids['slug']}/enroll")
        sent = await client.post(
            f"{API}/assignments/{built.ids['assignment_id']}/submissions", json={"code": "print(1)"}
        )
        assert sent.status_code == 202, sent.text
        built.ids["submission_id"] = sent.json()["id"]
        attempt = await client.post(f"{API}/quizzes/{built.ids['quiz_id']}/attempts")
        assert attempt.status_code == 201, attempt.text
        built.ids["attempt_id"] = attempt.json()["id"]
    return built


async def _give_something_to_delete(path: str, world: World) -> None:
    """Make what a DELETE names anew, so that each caller finds it."""
    fresh: dict[str, tuple[str, Callable[[], Awaitable[str]]]] = {
        "/languages/{slug}": ("slug", world.language),
        "/modules/{module_id}": ("module_id", world.module),
        "/materials/{material_id}": ("material_id", world.material),
        "/assignments/{assignment_id}": ("assignment_id", world.assignment),
        "/quizzes/{quiz_id}": ("quiz_id", world.quiz),
        "/tests/{test_id}": ("", world.assignment),
        "/questions/{question_id}": ("", world.quiz),
        "/options/{option_id}": ("", world.quiz),
    }
    if path in fresh:
        name, make = fresh[path]
        made = await make()
        if name:
            world.ids[name] = made
        if path in {"/tests/{test_id}", "/questions/{question_id}", "/options/{option_id}"}:
            kind = "assignments" if "test" in path else "quizzes"
            await world.made("PATCH", f"/{kind}/{made}", {"status": "DRAFT"})


async def _give_way_in(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Make what names a way to sign in anew."""
    if "{passkey_id}" in path:
        world.ids["passkey_id"] = str(
            await owner.fetchval(
                """INSERT INTO auth.webauthn_credentials (user_id, credential_id, public_key, name)
                   VALUES ($1, $2, 'x', 'x') RETURNING id""",
                world.student.id, uuid4().bytes,
            )
        )  # fmt: skip
    if "{connection_id}" in path:
        world.ids["connection_id"] = str(uuid7())


async def _with_export(owner: asyncpg.Connection, world: World, application: Application) -> str:
    """A download of the student's data that is ready."""
    export, key = uuid7(), f"exports/{uuid4()}/all.zip"
    await Files.of(application.settings).put(key, b"PK")
    await owner.execute(
        """INSERT INTO auth.data_exports (id, user_id, status, file_key, size_bytes, ready_at, expires_at)
           VALUES ($1, $2, 'READY', $3, 2, now(), now() + interval '1 day')""",
        export, world.student.id, key,
    )  # fmt: skip
    return str(export)


async def _give_hand_in(path: str, world: World, owner: asyncpg.Connection) -> None:
    key = f"hand-ins/{uuid4()}"
    await owner.execute("DELETE FROM learning.hand_in_files WHERE user_id = $1", world.student.id)
    world.ids["file_id"] = str(
        await owner.fetchval(
            """INSERT INTO learning.hand_in_files
                   (user_id, assignment_id, submission_id, name, media_type, size_bytes, sha256, file_key)
               VALUES ($1, $2, $3, 'a.txt', 'text/plain', 1, repeat('0', 64), $4) RETURNING id""",
            world.student.id, world.ids["assignment_id"], world.ids["submission_id"] if "position" in path else None, key,
        )
    )  # fmt: skip
    await world.files.put(key, b"x")


GRADED_BY_HAND = re.compile(
    r"/courses/\{course_id\}/(grading|rubrics)|/(rubrics|comments|regrade-requests|hand-in-files)/"
    r"|/submissions/\{submission_id\}/(grading|gradings|grade|claim|comments|files|regrade-requests)(/|$)"
    r"|/assignments/\{assignment_id\}/(grading|grades|answers|files)(/|$)"
)


async def _give_file(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Give the course a file that is used nowhere."""
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", UUID(world.ids["module_id"]))
    world.ids |= {"slot": "picture", "course_id": str(course)}
    if "{upload_id}" in path:
        world.ids["upload_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.uploads (course_id, kind, name, media_type, size_bytes, sha256)
                   VALUES ($1, 'ATTACHMENT', 'a.txt', 'text/plain', 1, sha256('x')) RETURNING id""",
                course,
            )
        )

    if "{import_id}" in path:
        world.ids["import_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.imports (user_id, course_id, target_id, name, size_bytes, by_owner, status)
                   VALUES ($1, $2, $2, 'a.zip', 1, true, 'REFUSED') RETURNING id""",
                world.instructor.id, course,
            )
        )  # fmt: skip


VERSIONED = re.compile(r"/courses/\{course_id\}/(?:export|imports|versions)|/versions/|/imports/")


WAYS_INTO_A_COURSE = re.compile(
    r"/courses/\{course_id\}/(enrolling|codes|cohorts|learners|invitations)|/(codes|cohorts|invitations|reviews)/\{|/join$|/review$"
)


async def _give_ways_into_course(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """Give the course a cohort, a code, an invited address and the student's review; returns the body that names one."""
    module = UUID(world.ids["module_id"])
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", module)
    enrollment = await owner.fetchval(
        "UPDATE learning.enrollments SET completed_items = 1 WHERE course_id = $1 AND user_id = $2 RETURNING id",
        course, world.student.id,
    )  # fmt: skip
    letters = "".join(letter for letter in uuid4().hex.upper() if letter not in "01")[:10].ljust(10, "2")
    made = {
        "cohort_id": ("cohorts (course_id, name, starts_at) VALUES ($1, $2, now())", uuid4().hex),
        "code_id": ("enrollment_codes (course_id, code) VALUES ($1, $2)", letters),
        "invitation_id": ("enrollment_invitations (course_id, email) VALUES ($1, $2)", f"{uuid4().hex}@x.example"),
    }
    for name, (row, value) in made.items():
        world.ids[name] = str(await owner.fetchval(f"INSERT INTO learning.{row} RETURNING id", course, value))
    if "{review_id}" in route[1]:
        world.ids["review_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.course_reviews (user_id, course_id, rating) VALUES ($1, $2, 4)
                   ON CONFLICT (user_id, course_id) DO UPDATE SET rating = 4 RETURNING id""",
                world.student.id, course,
            )
        )  # fmt: skip
        await owner.execute(
            "UPDATE learning.courses SET rating_counts = '{0,0,0,1,0}', rating_count = 1, rating_average = 4 WHERE id = $1",
            course,
        )
    world.ids["course_id"] = str(course)
    bodies = {
        "/join": {"code": letters},
        "/courses/{course_id}/cohorts": {"name": uuid4().hex, "starts_at": "2030-01-01T00:00:00Z"},
        "/courses/{course_id}/learners/change": {"change": "PAUSE", "enrollment_ids": [str(enrollment)]},
    }
    return bodies.get(route[1], BODIES.get(route))


async def _give_own_things(path: str, world: World, owner: asyncpg.Connection, application: Application) -> None:
    """Give the student what this request names of an account, and administrators what they look after."""
    await _give_to_administrators(path, world, owner)
    if "/uploads" in path or path.endswith("/image") or VERSIONED.search(path):
        await _give_file(path, world, owner)
    if "{version_id}" in path:
        world.ids["version_id"] = str(
            await owner.fetchval(
                "SELECT id FROM learning.versions WHERE course_id = $1 AND kind = 'COURSE' ORDER BY id DESC LIMIT 1",
                UUID(world.ids["course_id"]),
            )
        )
    if "{token_id}" in path:
        token = uuid7()
        await owner.execute(
            """INSERT INTO auth.api_tokens (id, user_id, name, token_hash, prefix, scopes)
               VALUES ($1, $2, 'My script', $3, 'czt_', '{read}')""",
            token, world.student.id, tokens.token_hash(str(token)),
        )  # fmt: skip
        world.ids["token_id"] = str(token)
    if "{export_id}" in path:
        world.ids["export_id"] = await _with_export(owner, world, application)
    if "{handle}" in path:
        handle = f"h{uuid4().hex[:12]}"
        await owner.execute(
            "INSERT INTO auth.user_profiles (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET handle = $2",
            world.student.id, handle,
        )  # fmt: skip
        world.ids["handle"] = handle


async def _give_work_to_grade(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """Let the student's program wait for a person, whom nobody is before; returns the body where it depends on that."""
    method, path = route
    submission, assignment = world.ids["submission_id"], world.ids["assignment_id"]
    course = await owner.fetchval(
        "SELECT m.course_id FROM learning.modules m JOIN learning.assignments i ON i.module_id = m.id WHERE i.id = $1",
        assignment,
    )
    world.ids |= {"course_id": str(course), "position": "0"}
    await owner.execute(
        "UPDATE learning.submissions SET status = 'FAILED', graded_at = now() WHERE id = $1", submission
    )
    await owner.execute("DELETE FROM learning.hand_gradings WHERE submission_id = $1", submission)
    await owner.execute("DELETE FROM learning.gradings WHERE submission_id = $1", submission)
    await owner.execute("DELETE FROM learning.grading_claims WHERE submission_id = $1", submission)
    grading = await owner.fetchval(
        "INSERT INTO learning.gradings (submission_id, marks, max_marks) VALUES ($1, 1, 100) RETURNING id", submission
    )
    waits = path.endswith(("/gradings", "/claim"))
    await owner.execute(
        """INSERT INTO learning.hand_gradings (submission_id, course_id, assignment_id, user_id, learner_number, state,
               grading_id, graded_at, released_grading_id, released_at)
           VALUES ($1, $2, $3, $4, 1, $5, $6, CASE WHEN $7 THEN now() END, $6, CASE WHEN $7 THEN now() END)""",
        submission, course, assignment, world.student.id, "WAITING" if waits else "RELEASED", None if waits else grading,
        not waits,
    )  # fmt: skip
    if "{rubric_id}" in path:
        world.ids["rubric_id"] = str((await world.made("POST", f"/courses/{course}/rubrics", RUBRIC))["id"])
    if "{comment_id}" in path:
        world.ids["comment_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.line_comments (submission_id, user_id, path, first_line, last_line, text)
                   VALUES ($1, $2, 'main.py', 1, 1, 'x') RETURNING id""",
                submission, world.instructor.id,
            )
        )  # fmt: skip
    if "{request_id}" in path:
        world.ids["request_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.regrade_requests (submission_id, grading_id, course_id, user_id, reason)
                   VALUES ($1, $2, $3, $4, 'x') RETURNING id""",
                submission, grading, course, world.student.id,
            )
        )  # fmt: skip
    if path.endswith("/answers") or path == "/assignments/{assignment_id}/files":
        kind = "TEXT" if path.endswith("/answers") else "FILE"
        await owner.execute("UPDATE learning.assignments SET kind = $2 WHERE id = $1", assignment, kind)
    if "file_id" in path or "position" in path:
        await _give_hand_in(path, world, owner)
    if path.endswith("/regrade-requests"):
        return {"grading_id": str(grading), "reason": "Look again."}
    return BODIES.get((method, path))


IN_GRADEBOOK = re.compile(r"/courses/\{course_id\}/(gradebook|insights|statistics)")


async def _give_gradebook(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """A column that people fill in, with nothing in it yet; returns the body of the request."""
    module = UUID(world.ids["module_id"])
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", module)
    column = await owner.fetchval(
        "INSERT INTO learning.grade_columns (course_id, title, max_points) VALUES ($1, 'Talk', 10) RETURNING id", course
    )
    world.ids |= {"course_id": str(course), "user_id": str(world.student.id), "column_id": str(column)}
    if route[1].endswith("/entries"):
        return {"user_id": str(world.student.id), "column_id": str(column), "action": "MARK", "points": 5}
    if route[1].endswith("/list"):
        return {"text": f"learner id,Talk [{column}]\n{world.student.id},5\n"}
    return BODIES.get(route)


ANALYSED = re.compile(r"/(submissions|attempts)/\{\w+\}/analysis")


async def _give_analysis(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """The student's program and attempt, graded and analysed, as if nobody had asked for anything before."""
    submission, attempt = UUID(world.ids["submission_id"]), UUID(world.ids["attempt_id"])
    await owner.execute(
        "UPDATE learning.submissions SET status = 'FAILED', graded_at = now() WHERE id = $1", submission
    )
    await owner.execute(
        "UPDATE learning.quiz_attempts SET status = 'GRADED', completed_at = now() WHERE id = $1", attempt
    )
    module = UUID(world.ids["module_id"])
    for table, column, target in (
        ("submission_analyses", "submission_id", submission),
        ("quiz_analyses", "attempt_id", attempt),
    ):
        await owner.execute(f"DELETE FROM learning.{table} WHERE {column} = $1", target)  # noqa: S608
        await owner.execute(
            f"""INSERT INTO learning.{table} (course_id, {column}, released_at)
                SELECT course_id, $2, now() FROM learning.modules WHERE id = $1""",  # noqa: S608
            module, target,
        )  # fmt: skip
    return BODIES.get(route)


async def _give_course_to_teach(route: tuple[str, str], world: World) -> Any:
    """A course of the instructor's own with a module and a material in it; returns the body of the request."""
    method, path = route
    made = await world.made("POST", "/teach/courses", {"title": f"Course {uuid4().hex[:8]}"})
    course = f"/teach/courses/{made['id']}"
    await world.made("PUT", f"{course}/owner", {"who": str(world.instructor.id)})
    module = await world.made("POST", f"{course}/modules", {"title": "Module"})
    material = await world.material(str(module["id"]))
    world.ids |= {"course_id": str(made["id"]), "user_id": str(world.student.id)}
    item = {"kind": "MATERIAL", "id": material}
    if path.endswith("/restore"):
        await world.made("DELETE", course)
    bodies: dict[str, Any] = {
        "order": {"ids": [module["id"]]},
        "place": item | {"module_id": module["id"]},
        "restored": item,
        "staff": {"who": str(world.student.id), "role": "OBSERVER"},
        "owner": {"who": str(world.instructor.id)},
    }
    return BODIES.get(route, bodies.get(path.rsplit("/", 1)[-1]) if method in {"PUT", "POST"} else None)


GRANTED_OR_DRAWN = re.compile(r"/courses/\{course_id\}/(bank|accommodations)|/attempts/\{attempt_id\}/answers/")


async def _give_course_to_assess(
    route: tuple[str, str], world: World, owner: asyncpg.Connection, application: Application
) -> Any:
    """The course of the path, something granted in it, and an attempt of the student that is handed in."""
    method, path = route
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", UUID(world.ids["module_id"]))
    world.ids["course_id"] = str(course)
    grant = {"user_id": str(world.student.id), "extra_attempts": 1}
    if method == "DELETE":
        made = await world.made("PUT", f"/courses/{course}/accommodations", grant)
        world.ids["accommodation_id"] = str(made["id"])
    if path.endswith("/marks"):
        async with client_for(application, headers=world.student.headers) as student:
            await student.post(f"{API}/attempts/{world.ids['attempt_id']}/submit", json={"answers": []})
    return {
        ("PUT", "/courses/{course_id}/accommodations"): grant,
        ("POST", "/courses/{course_id}/bank"): {"text": "Really?", "options": OPTIONS},
        ("POST", "/courses/{course_id}/bank/import"): {"quiz_id": world.ids["quiz_id"]},
        ("POST", "/attempts/{attempt_id}/answers/{question_id}/marks"): {"points": 0.5, "comment": "Half."},
    }.get(route)


async def _give_to_administrators(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Make what this request of an administrator names."""
    world.ids |= {"key": "reviews", "schema": "auth", "name": "users"}
    if "{event_id}" in path:
        world.ids["event_id"] = str(uuid7())
        await owner.execute(
            """INSERT INTO ops.outbox (id, topic, payload, given_up_at)
               VALUES ($1, 'nothing.happened', '{}', now())""",
            world.ids["event_id"],
        )
    if "{content_id}" in path:
        world.ids["content_id"] = await world.module()
        await world.made("DELETE", f"/modules/{world.ids['content_id']}")
    if path.endswith("/row"):
        world.ids["name"] = f"users/row?key={encode_key([str(world.student.id)])}#"


async def _order_that_stands(path: str, world: World) -> Any:
    """Everything that a request puts in order, as it stands already."""
    whole, within, listed = {
        "/languages/{slug}/modules/order": ("/languages/{slug}/authoring", "modules", "ids"),
        "/modules/{module_id}/order": ("/modules/{module_id}", "items", "items"),
        "/quizzes/{quiz_id}/questions/order": ("/quizzes/{quiz_id}/authoring", "questions", "ids"),
        "/questions/{question_id}/options/order": ("/questions/{question_id}/authoring", "options", "ids"),
        "/assignments/{assignment_id}/tests/order": ("/assignments/{assignment_id}/authoring", "tests", "ids"),
    }[path]
    found = await world.made("GET", whole.format(**world.ids))
    if listed == "items":
        return {listed: [{"kind": item["kind"], "id": item["id"]} for item in found[within]]}
    return {listed: [part["id"] for part in found[within]]}


async def _arrange(route: tuple[str, str], world: World, owner: asyncpg.Connection, application: Application) -> Any:
    """Give this request something of its own where it destroys what it names; returns the body."""
    method, path = route
    if method == "DELETE":
        await _give_something_to_delete(path, world)
    if route == ("POST", "/languages"):
        return {"name": uuid4().hex, "slug": f"s{uuid4().hex[:8]}", "runtime": "python"}
    if route == ("POST", "/languages/{slug}/modules"):
        return {"title": f"Module {uuid4().hex[:8]}"}
    if path.endswith("/order"):
        return await _order_that_stands(path, world)
    if route == ("POST", "/questions/{question_id}/copies"):
        return {"quiz_id": world.ids["quiz_id"]}
    if "{session_id}" in path:
        session = uuid7()
        await owner.execute(
            "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')",
            session, world.student.id, tokens.token_hash(str(session)),
        )  # fmt: skip
        world.ids["session_id"] = str(session)
    await _give_way_in(path, world, owner)
    if "{regrade_id}" in path:
        body = BODIES["POST", "/assignments/{assignment_id}/regrades"]
        begun = await world.made("POST", f"/assignments/{world.ids['assignment_id']}/regrades", body)
        await owner.execute(
            "UPDATE learning.regrades SET status = 'READY', ready_at = now() WHERE id = $1", begun["id"]
        )
        world.ids["regrade_id"] = begun["id"]
    await _give_own_things(path, world, owner, application)
    if "{user_id}" in path:
        world.ids["user_id"] = str(world.student.id)
    if path.startswith("/modules/{module_id}/") and method == "POST":
        return BODIES[route] | {"title": f"More {uuid4().hex[:8]}"}
    return BODIES.get(route)


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
async def test_each_caller_gets_what_the_table_says(
    route: tuple[str, str],
    world: World,
    callers: dict[str, SignedIn | None],
    application: Application,
    owner: asyncpg.Connection,
    make_user: MakeUser,
) -> None:
    method, path = route
    for caller, expected in zip(CALLERS, TABLE[route], strict=True):
        person = callers[caller]
        if route == ("POST", "/auth/logout") and person is not None:
            person = await make_user(person.role)  # its session ends here
        if ANALYSED.match(path):
            body = await _give_analysis(route, world, owner)
        elif IN_GRADEBOOK.match(path):
            body = await _give_gradebook(route, world, owner)
        elif GRADED_BY_HAND.match(path):
            body = await _give_work_to_grade(route, world, owner)
        elif GRANTED_OR_DRAWN.match(path):
            body = await _give_course_to_assess(route, world, owner, application)
        elif WAYS_INTO_A_COURSE.search(path):
            body = await _give_ways_into_course(route, world, owner)
        elif path.startswith("/teach/courses/{course_id}"):
            body = await _give_course_to_teach(route, world)
        else:
            body = await _arrange(route, world, owner, application)
        async with client_for(application, headers=person.headers if person else {}) as client:
            if path.endswith("/events"):
                # Staff may not watch for ever: a finished submission ends the stream at once.
                await owner.execute(
                    "UPDATE learning.submissions SET status = 'ERROR', graded_at = now() WHERE id = $1",
                    world.ids["submission_id"],
                )
            answer = await client.request(method, API + path.format(**world.ids), json=body)
        assert answer.status_code in expected, f"{caller}: {answer.status_code} {answer.text[:300]}"


def test_every_route_is_in_the_table(application: Application) -> None:
    document = application.app.openapi()
    routes = {
        (method.upper(), path.removeprefix(API)) for path, methods in document["paths"].items() for method in methods
    }
    assert routes == set(TABLE)
