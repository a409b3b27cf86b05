"""What a token for programs must be allowed for a request. Whatever is not named here, no token opens.

A token never reaches what guards the account: passwords, sessions, tokens, addresses, second factors, downloads of all
data, deletion, other people's accounts; nor who teaches a course and who administers the platform; nor pages, which are for
browsers.
"""

import re
from collections.abc import Collection

from codezest.kit.errors import Forbidden
from codezest.kit.i18n import gettext as _
from codezest.kit.scopes import Scope

API = "/api/v1"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

TEACHING = re.compile(
    r"/courses/[\w-]+/(?:accommodations|codes|cohorts|enrolling|gradebook|grading|insights|learners|rubrics|statistics)"
    r"(?:\.csv|(?:/[\w-]+)*)"
    r"|/teach/(?:attention|preview|assignments/[\w-]+/mistakes)"
    r"|/teach/courses(?:/[\w-]+(?:/(?:analyses|analysis-policy|copies|modules|modules/order|place|restored|status))?)?"
    r"|/(?:codes|cohorts|comments|invitations|regrade-requests|reviews|rubrics)/[\w-]+(?:/(?:decline|reply))?"
    r"|/(?:assignments|quizzes)/[\w-]+/statistics"
    r"|/assignments/[\w-]+/(?:grading|grades/release)"
    r"|/attempts/[\w-]+/answers/[\w-]+/marks"
    r"|/(?:attempts|submissions)/[\w-]+/analysis/approve"
    r"|/submissions/[\w-]+/(?:claim|grading|gradings)",
    re.ASCII,
)
"""Of other people's work and places in a course. A course's own deletion is none of it."""
READS = re.compile(
    r"/me(?:/(?:profile|progress|enrollments))?"
    r"|/(?:search|status)"
    r"|/teach/imports"
    r"|/(?:assignments|attempts|courses|imports|languages|materials|modules|people|questions|quizzes|receipts|regrades|submissions|uploads|versions)"
    r"(?:/[\w-]+)*",
    re.ASCII,
)
"""What may be read. Not what the path begins with, but all of it: no dot, no doubled slash, no line's end stands in it."""
OWN_WRITES = re.compile(r"/me(?:/(?:profile|avatar))?")
LEARNING_WRITES = re.compile(
    r"/(?:languages|courses)/[\w-]+/(?:enroll|review)"
    r"|/join"
    r"|/reviews/[\w-]+/report"
    r"|/materials/[\w-]+/(?:view|complete|run|position|draft)"
    r"|/assignments/[\w-]+/(?:run|submissions|draft|hints|answers|files)"
    r"|/hand-in-files/[\w-]+"
    r"|/submissions/[\w-]+/(?:comments|regrade-requests|analysis/helpful)"
    r"|/(?:attempts|submissions)/[\w-]+/analysis"
    r"|/quizzes/[\w-]+/attempts"
    r"|/attempts/[\w-]+/(?:submit|saved|questions/[\w-]+/run)",
    re.ASCII,
)
CONTENT_WRITES = re.compile(
    r"/(?:languages|courses|modules|materials|assignments|quizzes|questions|options|tests|imports|regrades|uploads|versions)(?:/[\w-]+)*"
    r"|/teach/imports",
    re.ASCII,
)

TAUGHT_WRITES = re.compile(r"PUT /(?:attempts|submissions)/[\w-]+/analysis", re.ASCII)
"""What is for those who teach, though learners read and ask for the same."""

WRITES: dict[Scope, re.Pattern[str]] = {
    "write:profile": OWN_WRITES,
    "write:learning": LEARNING_WRITES,
    "write:content": CONTENT_WRITES,
}
CLOSED = re.compile(r"DELETE /teach/courses/[\w-]+|GET /reviews/reported", re.ASCII)
"""What the patterns above would open, and must not: a course's end, and what is for administrators."""


class ScopeMissing(Forbidden):
    code = "scope-missing"
    title = "This token may not do that"


def required_scope(method: str, path: str) -> Scope | None:
    """The scope that a request needs; None where no token is accepted."""
    if not path.startswith(f"{API}/"):
        return None
    rest = path.removeprefix(API)
    reading = method in SAFE_METHODS
    if CLOSED.fullmatch(f"{'GET' if reading else method} {rest}"):
        return None
    if TEACHING.fullmatch(rest) or TAUGHT_WRITES.fullmatch(f"{method} {rest}"):
        return "teach"
    if reading:
        return "read" if READS.fullmatch(rest) else None
    return next((scope for scope, paths in WRITES.items() if paths.fullmatch(rest)), None)


def check_scope(scopes: Collection[str], method: str, path: str) -> None:
    """Refuse what the token of these scopes may not do.

    Raises:
        ScopeMissing: as said.
    """
    needed = required_scope(method, path)
    if needed is None:
        raise ScopeMissing(_("No token opens this. Log in with a browser instead."))
    if needed not in scopes:
        raise ScopeMissing(_("The token lacks the scope %(scope)s.") % {"scope": needed}, scope=needed)
