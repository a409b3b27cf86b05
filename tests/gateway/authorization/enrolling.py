"""Ways into courses, who takes them, and what is said of them."""

from typing import Any

from .rows import ADMINISTRATOR, EVERYBODY, NO, OK, SIGNED_IN, STAFF, TEACHERS, UNKNOWN, Row

TABLE: dict[tuple[str, str], Row] = {
    ("GET", "/me/enrollments"): SIGNED_IN,
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
    ("POST", "/languages/{slug}/enroll"): SIGNED_IN,
    ("DELETE", "/languages/{slug}/enroll"): (UNKNOWN, OK, NO, NO, NO, NO),
}

BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/courses/{slug}/review"): {"rating": 4},
    ("POST", "/reviews/{review_id}/report"): {"reason": "Rude."},
    ("PUT", "/reviews/{review_id}/reply"): {"reply": "Thank you."},
    ("PUT", "/reviews/{review_id}/visibility"): {"hidden": True},
    ("PUT", "/me/instructor"): {"bio": "Hello", "expertise": []},
    ("PATCH", "/courses/{course_id}/enrolling"): {"prerequisite_ids": []},
    ("POST", "/courses/{course_id}/codes"): {},
    ("PATCH", "/cohorts/{cohort_id}"): {"capacity": 5},
    ("POST", "/courses/{course_id}/learners/list"): {"text": "somebody@codezest.example"},
}
