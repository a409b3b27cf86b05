"""Input that nobody sends by mistake: refused as the sender's fault, never as ours, and nothing is kept of it."""

from typing import Any
from uuid import UUID

import pytest

from .conftest import Person
from .regrading import Drain, begin

REGRADE = "/assignments/{assignment}/regrades"
DEEP = "[" * 100_000 + "]" * 100_000
BODIES: dict[str, tuple[str, str, str]] = {
    "reason with NUL": ("POST", REGRADE, '{"reason": "\\u0000"}'),
    "reason with half a character": ("POST", REGRADE, '{"reason": "\\ud800"}'),
    "reason of white space": ("POST", REGRADE, '{"reason": " \\u2003 "}'),
    "reason too long": ("POST", REGRADE, '{"reason": "' + "x" * 501 + '"}'),
    "reason too deep": ("POST", REGRADE, '{"reason": ' + DEEP + "}"),
    "reason unknown to": ("POST", REGRADE, '{"reason": "r", "status": "APPLIED"}'),
    "no object": ("POST", REGRADE, DEEP),
    "no UTF-8": ("POST", REGRADE, '{"reason": "\udcff"}'),
    "files too deep": ("POST", "/assignments/{assignment}/submissions", '{"files": ' + DEEP + "}"),
    "file called NUL": ("POST", "/assignments/{assignment}/submissions", '{"files": {"\\u0000": "x"}}'),
    "file outside": ("POST", "/assignments/{assignment}/submissions", '{"files": {"../main.py": "x"}}'),
    "file with a line end": ("POST", "/assignments/{assignment}/submissions", '{"files": {"main.py\\n": "x"}}'),
    "program with NUL": ("POST", "/assignments/{assignment}/run", '{"code": "\\u0000"}'),
    "program with half a character": ("POST", "/assignments/{assignment}/run", '{"code": "\\ud800"}'),
    "arguments too deep": ("POST", "/assignments/{assignment}/tests", '{"name": "n", "arguments": ' + DEEP + "}"),
    "arguments quite deep": (
        "POST", "/assignments/{assignment}/tests", '{"name": "n", "arguments": ' + "[" * 250 + "]" * 250 + "}"
    ),
    "arguments not finite": ("POST", "/assignments/{assignment}/tests", '{"name": "n", "arguments": [1e999]}'),
    "arguments endless": ("POST", "/assignments/{assignment}/tests", '{"name": "n", "arguments": [' + "9" * 5000 + "]}"),
    "process apart by name": ("PATCH", "/assignments/{assignment}", '{"separate_processes": "true"}'),
    "process apart by null": ("PATCH", "/assignments/{assignment}", '{"separate_processes": null}'),
    "seed too large": ("PATCH", "/assignments/{assignment}", '{"seed": 9007199254740992}'),
    "query of rules with NUL": (
        "PATCH", "/assignments/{assignment}", '{"rules": [{"kind": "FORBID", "query": "(a \\u0000)"}]}'
    ),
    "query of rules too deep": (
        "PATCH", "/assignments/{assignment}",
        '{"rules": [{"kind": "FORBID", "query": "' + "(" * 4_000 + '"}]}',
    ),
    "harness too deep": ("PATCH", "/assignments/{assignment}", '{"harness": {"checker": ' + DEEP + "}}"),
}  # fmt: skip


@pytest.mark.parametrize("case", BODIES.values(), ids=BODIES.keys())
async def test_a_hostile_body_is_refused(case: tuple[str, str, str], teacher: Person, exercise: UUID) -> None:
    method, path, body = case
    answer = await teacher.api.request(
        method,
        path.format(assignment=exercise),
        content=body.encode("utf-8", "surrogateescape"),
        headers={"Content-Type": "application/json"},
    )
    assert 400 <= answer.status_code < 500, answer.text[:500]
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "\0"}, {"cursor": "x" * 5000}, {"cursor": "AAAA"}, {"limit": "0"}, {"limit": "1e3"},
        {"limit": "99999999999999999999"}, {"changed": "perhaps"},
    ],
    ids=["nul", "long", "short", "none", "fraction", "huge", "neither"],
)  # fmt: skip
async def test_a_hostile_query_is_refused(query: dict[str, Any], teacher: Person, exercise: UUID, drain: Drain) -> None:
    begun = await begin(teacher, exercise)
    await drain()
    answer = await teacher.get(f"/regrades/{begun['id']}", params=query)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("place", ["regrades/{}", "submissions/{}/receipt", "submissions/{}/former-gradings"])
@pytest.mark.parametrize(
    "name",
    ["%00", "x", "0" * 5000, "00000000-0000-7000-8000-00000000000", "../keys"],
    ids=["nul", "letter", "long", "cut", "path"],
)
async def test_a_hostile_id_is_refused(name: str, place: str, teacher: Person) -> None:
    answer = await teacher.get("/" + place.format(name))
    assert 400 <= answer.status_code < 500, answer.text
