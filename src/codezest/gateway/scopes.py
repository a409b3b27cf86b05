"""What a token for programs must be allowed for a request. Whatever is not named here, no token opens.

A token never reaches what guards the account: passwords, sessions, tokens, addresses, second factors, downloads of all
data, deletion, other people's accounts; nor pages, which are for browsers.
"""

import re
from collections.abc import Collection

from codezest.kit.errors import Forbidden
from codezest.kit.scopes import Scope

API = "/api/v1"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

READS = re.compile(
    r"/me(?:/(?:profile|progress|enrollments))?"
    r"|/(?:search|status)"
    r"|/(?:assignments|attempts|courses|languages|materials|modules|people|quizzes|receipts|regrades|submissions)"
    r"(?:/[\w-]+)*",
    re.ASCII,
)
"""What may be read. Not what the path begins with, but all of it: no dot, no doubled slash, no line's end stands in it."""
OWN_WRITES = re.compile(r"/me(?:/(?:profile|avatar))?")
LEARNING_WRITES = re.compile(
    r"/(?:languages|courses)/[\w-]+/enroll"
    r"|/materials/[\w-]+/(?:view|complete|run|position|draft)"
    r"|/assignments/[\w-]+/(?:run|submissions|draft|hints)"
    r"|/quizzes/[\w-]+/attempts"
    r"|/attempts/[\w-]+/(?:submit|saved)",
    re.ASCII,
)
CONTENT_WRITES = re.compile(
    r"/(?:languages|courses|modules|materials|assignments|quizzes|questions|options|tests|regrades)(?:/[\w-]+)*",
    re.ASCII,
)


class ScopeMissing(Forbidden):
    code = "scope-missing"
    title = "This token may not do that"


def required_scope(method: str, path: str) -> Scope | None:
    """The scope that a request needs; None where no token is accepted."""
    if not path.startswith(f"{API}/"):
        return None
    rest = path.removeprefix(API)
    if method in SAFE_METHODS:
        return "read" if READS.fullmatch(rest) else None
    if OWN_WRITES.fullmatch(rest):
        return "write:profile"
    if LEARNING_WRITES.fullmatch(rest):
        return "write:learning"
    return "write:content" if CONTENT_WRITES.fullmatch(rest) else None


def check_scope(scopes: Collection[str], method: str, path: str) -> None:
    """Refuse what the token of these scopes may not do.

    Raises:
        ScopeMissing: as said.
    """
    needed = required_scope(method, path)
    if needed is None:
        raise ScopeMissing("No token opens this. Log in with a browser instead.")
    if needed not in scopes:
        raise ScopeMissing(f"The token lacks the scope {needed}.", scope=needed)
