"""What tokens for programs open, and what no token ever does."""

import pytest

from codezest.gateway.app import Application
from codezest.gateway.scopes import API, ScopeMissing, check_scope, required_scope
from codezest.kit.scopes import SCOPES

CLOSED = ["/auth/", "/users", "/me/password", "/me/sessions", "/me/tokens", "/me/email", "/me/exports", "/me/deletion"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/languages", "read"),
        ("HEAD", "/languages/python", "read"),
        ("GET", "/me", "read"),
        ("GET", "/me/profile", "read"),
        ("GET", "/me/progress", "read"),
        ("PATCH", "/me", "write:profile"),
        ("PATCH", "/me/profile", "write:profile"),
        ("PUT", "/me/avatar", "write:profile"),
        ("POST", "/languages/python/enroll", "write:learning"),
        ("POST", "/assignments/1/submissions", "write:learning"),
        ("POST", "/attempts/1/submit", "write:learning"),
        ("POST", "/languages", "write:content"),
        ("PUT", "/assignments/1/tests", "write:content"),
        ("PUT", "/courses/1/review", "write:learning"),
        ("POST", "/courses/1/bank", "write:content"),
        ("GET", "/courses/1/learners.csv", "teach"),
        ("GET", "/courses/1/gradebook", "teach"),
        ("POST", "/courses/1/cohorts", "teach"),
        ("PATCH", "/teach/courses/1", "teach"),
        ("DELETE", "/teach/courses/1", None),
        ("PUT", "/teach/courses/1/staff", None),
        ("PUT", "/teach/courses/1/owner", None),
        ("POST", "/submissions/1/gradings", "teach"),
        ("GET", "/submissions/1/grading", "teach"),
        ("GET", "/submissions/1/grade", "read"),
        ("PATCH", "/assignments/1/grading", "teach"),
        ("POST", "/assignments/1/grades/release", "teach"),
        ("POST", "/submissions/1/regrade-requests", "write:learning"),
        ("PUT", "/submissions/1/analysis", "teach"),
        ("PUT", "/attempts/1/analysis", "teach"),
        ("POST", "/submissions/1/analysis", "write:learning"),
        ("PUT", "/submissions/1/analysis/helpful", "write:learning"),
        ("GET", "/attempts/1/analysis", "read"),
        ("GET", "/reviews/reported", None),
        ("PUT", "/reviews/1/visibility", None),
        ("GET", "/admin/tables", None),
        ("GET", "/me/tokens", None),
        ("POST", "/me/tokens", None),
        ("DELETE", "/me/tokens/1", None),
        ("POST", "/me/password", None),
        ("GET", "/me/sessions", None),
        ("POST", "/me/deletion", None),
        ("POST", "/me/email", None),
        ("POST", "/me/exports", None),
        ("GET", "/me/exports/1/file", None),
        ("GET", "/me/passkeys", None),
        ("POST", "/me/new-thing", None),
        ("POST", "/auth/logout", None),
        ("GET", "/users", None),
        ("PATCH", "/users/1", None),
        ("POST", "/new-thing", None),
    ],
)
def test_each_request_needs_its_scope(method: str, path: str, scope: str | None) -> None:
    assert required_scope(method, API + path) == scope


@pytest.mark.parametrize("path", ["/", "/account", "/account/tokens", "/api/v1", "/api/v2/languages", "/dashboard"])
def test_pages_are_not_for_programs(path: str) -> None:
    assert required_scope("GET", path) is None


def test_a_token_does_what_it_says_and_nothing_else() -> None:
    check_scope({"read"}, "GET", f"{API}/languages")
    with pytest.raises(ScopeMissing):
        check_scope({"read"}, "POST", f"{API}/languages/python/enroll")
    with pytest.raises(ScopeMissing):
        check_scope({"write:learning"}, "GET", f"{API}/languages")


def test_nothing_that_guards_an_account_is_open_to_any_token(application: Application) -> None:
    seen = 0
    for path, methods in application.app.openapi()["paths"].items():
        rest = path.removeprefix(API)
        if any(rest == start or rest.startswith((start.rstrip("/") + "/",)) for start in CLOSED):
            for method in methods:
                seen += 1
                with pytest.raises(ScopeMissing):
                    check_scope(SCOPES, method.upper(), path)
    assert seen > 15
