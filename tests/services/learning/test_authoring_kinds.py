"""Kinds of assignment as authors write them over HTTP: modes, harness, rules, groups, several files."""

from typing import Any
from uuid import UUID

import pytest

from codezest.services.learning.schemas.authored import AuthoredAssignment
from codezest.services.learning.schemas.authoring_assignments import MAX_TESTS

from .conftest import Person, problem

CHECKER = {"language": "python", "entry": "checker.py", "files": {"checker.py": "pass"}}
GENERATOR = {"language": "python", "entry": "big.py", "files": {"big.py": "print(1)"}}
HARNESS = {
    "checker": CHECKER,
    "unit_tests": {},
    "support_files": {"given.py": "X = 1"},
    "generators": {"big.py": GENERATOR},
}
GROUP = {"name": "basics", "policy": "MIN", "points": 10}


async def make(teacher: Person, module: UUID, **body: Any) -> str:
    response = await teacher.post(f"/modules/{module}/assignments", {"title": f"Kind {body.get('slug', '')}"} | body)
    assert response.status_code == 201, response.text
    return f"/assignments/{response.json()['id']}"


def refusal(response: Any) -> list[list[str | int]]:
    """Where a refused request was wrong."""
    assert problem(response) == (422, "validation-failed")
    return [error["location"] for error in response.json()["errors"]]


async def test_all_that_a_kind_consists_of_is_kept(teacher: Person, module: UUID) -> None:
    url = await make(
        teacher,
        module,
        grading_mode="FUNCTION",
        function_name="add",
        harness=HARNESS,
        rules=[{"kind": "FORBID", "construct": "loop", "message": "No loops."}],
        test_groups=[GROUP, {"name": "more"}],
        starter_files={"lib/tools.py": "T"},
        solution_files={"lib/tools.py": "S"},
        seed=7,
        separate_processes=True,
        checker="CUSTOM",
    )
    tests = [
        {"name": "one", "arguments": [1, {"a": [None, True]}], "expected": "3", "group_name": "basics", "sample": True},
        {"name": "two", "arguments": [], "bonus": True, "output_bytes": 9},
        {"name": "three", "arguments": [], "generator": {"script": "big.py", "args": ["5"]}},
    ]
    response = await teacher.put(f"{url}/tests", {"tests": tests})
    assert response.status_code == 200, response.text
    written = AuthoredAssignment.model_validate_json(response.content)
    assert (written.grading_mode, written.function_name, written.seed) == ("FUNCTION", "add", 7)
    assert written.separate_processes is True
    assert written.harness["checker"] == CHECKER
    assert (written.harness["support_files"], written.harness["interactor"]) == ({"given.py": "X = 1"}, None)
    assert written.rules[0]["construct"] == "loop"
    assert written.test_groups == [GROUP, {"name": "more", "policy": "SUM", "points": None}]
    assert (written.starter_files, written.solution_files) == ({"lib/tools.py": "T"}, {"lib/tools.py": "S"})
    one, two, three = written.tests
    assert (one.arguments, one.group_name, one.sample, one.bonus) == ([1, {"a": [None, True]}], "basics", True, False)
    assert (two.bonus, two.output_bytes, two.generator) == (True, 9, None)
    assert three.generator == {"script": "big.py", "args": ["5"], "seed": None}
    published = await teacher.patch(url, {"status": "PUBLISHED"})
    assert published.status_code == 200, published.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"function_name": "f"}, "function_name"),
        ({"grading_mode": "FUNCTION", "function_name": "no name"}, "function_name"),
        ({"harness": {"checker": CHECKER | {"entry": "other.py"}}}, "checker"),
        ({"harness": {"checker": CHECKER | {"language": "cobol"}}}, "language"),
        ({"harness": {"support_files": {"main.py": ""}}}, "harness"),
        ({"harness": {"support_files": {"a": "", "a/b": ""}}}, "support_files"),
        ({"harness": {"support_files": {str(n): "x" * 200_000 for n in range(2)}}}, "support_files"),
        ({"harness": {"unknown": {}}}, "unknown"),
        ({"starter_files": {"../x": ""}}, "../x"),
        ({"starter_files": {"main.py": ""}}, "starter_files"),
        ({"rules": [{"kind": "FORBID", "construct": "loop", "query": "(x)"}]}, "rules"),
        ({"rules": [{"kind": "REQUIRE", "construct": "no-such-thing"}]}, "rules"),
        ({"test_groups": [GROUP, GROUP]}, "test_groups"),
        ({"test_groups": [{"name": " "}]}, "name"),
        ({"seed": -1}, "seed"),
    ],
    ids=[
        "function outside its mode",
        "function without a name",
        "program without its entry",
        "unknown language",
        "support file is the program",
        "file and folder",
        "files too large",
        "unknown part",
        "path that leaves",
        "starter file is the program",
        "rule with both",
        "unknown construct",
        "group twice",
        "group without a name",
        "negative seed",
    ],
)
async def test_what_makes_no_sense_is_refused(teacher: Person, module: UUID, body: dict[str, Any], field: str) -> None:
    response = await teacher.post(f"/modules/{module}/assignments", {"title": "Refused"} | body)
    assert any(field in location for location in refusal(response)), response.text


async def test_tests_fit_their_assignment(teacher: Person, module: UUID) -> None:
    url = await make(teacher, module, test_groups=[GROUP], harness={"generators": {"big.py": GENERATOR}})
    good = {"name": "good", "group_name": "basics"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"arguments": [1]}, "arguments"),
        ({"group_name": "other"}, "group_name"),
        ({"group_name": "basics", "bonus": True}, "bonus"),
        ({"generator": {"script": "small.py"}}, "generator"),
        ({"generator": {"script": "big.py"}, "stdin": "1"}, "generator"),
        ({"sample": True, "visible": False}, "sample"),
    ]
    for fields, field in wrong:
        tests = {"tests": [good, {"name": "bad"} | fields]}
        assert refusal(await teacher.put(f"{url}/tests", tests)) == [["body", "tests", 1, field]]
    assert (await teacher.put(f"{url}/tests", {"tests": [good]})).status_code == 200
    for fields, field in wrong:
        assert ["body", field] in refusal(await teacher.post(f"{url}/tests", {"name": "bad"} | fields))
    added = (await teacher.post(f"{url}/tests", {"name": "added"})).json()["id"]
    for fields, field in wrong:
        assert ["body", field] in refusal(await teacher.patch(f"/tests/{added}", fields))
    assert (await teacher.patch(f"/tests/{added}", {"generator": {"script": "big.py"}})).status_code == 200
    # What tests rely on stays as long as they do.
    assert refusal(await teacher.patch(url, {"test_groups": []})) == [["body", "test_groups"]]
    assert refusal(await teacher.patch(url, {"harness": {}})) == [["body", "harness"]]
    shown = AuthoredAssignment.model_validate_json((await teacher.get(f"{url}/authoring")).content)
    assert [test.name for test in shown.tests] == ["good", "added"]
    assert shown.test_groups == [GROUP]


async def test_an_assignment_is_published_once_its_kind_is_complete(teacher: Person, module: UUID) -> None:
    url = await make(teacher, module, grading_mode="UNIT_TESTS")
    await teacher.put(f"{url}/tests", {"tests": [{"name": "test_one"}]})
    refused = await teacher.patch(url, {"status": "PUBLISHED"})
    assert (problem(refused), refused.json()["missing"]) == ((422, "not-ready"), ["the unit tests"])
    body = {"status": "PUBLISHED", "harness": {"unit_tests": {"test_main.py": "def test_one(): ..."}}}
    assert (await teacher.patch(url, body)).status_code == 200
    assert problem(await teacher.patch(url, {"harness": {}})) == (422, "not-ready")
    assert problem(await teacher.patch(url, {"grading_mode": "INTERACTIVE"})) == (422, "not-ready")


async def test_whatever_verdicts_depend_on_names_the_tests_anew(teacher: Person, module: UUID) -> None:
    url = await make(teacher, module)
    await teacher.put(f"{url}/tests", {"tests": [{"name": "one"}]})
    changes = [
        {"seed": 3},
        {"checker": "TOKENS"},
        {"test_groups": [GROUP]},
        {"cpu_seconds": 1.5},
        {"separate_processes": True},
    ]
    seen = [(await teacher.get(f"{url}/authoring")).json()["tests_revision"]]
    seen += [(await teacher.patch(url, change)).json()["tests_revision"] for change in changes]
    assert len(set(seen)) == len(seen)
    assert (await teacher.patch(url, {"title": "Other", "hints": ["x"]})).json()["tests_revision"] == seen[-1]


async def test_tests_are_as_many_as_may_be(teacher: Person, module: UUID) -> None:
    url = await make(teacher, module)
    tests = [{"name": f"test {number}"} for number in range(MAX_TESTS)]
    assert problem(await teacher.put(f"{url}/tests", {"tests": [*tests, {"name": "more"}]})) == (
        422,
        "validation-failed",
    )
    assert (await teacher.put(f"{url}/tests", {"tests": tests})).status_code == 200
    assert problem(await teacher.post(f"{url}/tests", {"name": "more"})) == (422, "validation-failed")


@pytest.mark.parametrize(
    "text",
    [
        '["\\ud800"]',
        '[{"\\ud800": 1}]',
        '["\\u0000"]',
        "[1e999]",
        f'["{"x" * 200_001}"]',
        f"{'[' * 400}{']' * 400}",
        f"[{'9' * 5000}]",
        f"[{', '.join('1' * 51)}]",
    ],
    ids=["half a character", "half a character as key", "NUL", "infinite", "too long", "too deep", "huge", "too many"],
)
async def test_arguments_are_json_that_can_be_kept(teacher: Person, module: UUID, text: str) -> None:
    url = await make(teacher, module, grading_mode="FUNCTION", function_name="f")
    response = await teacher.api.post(
        f"{url}/tests",
        content=f'{{"name": "one", "arguments": {text}}}',
        headers={"Content-Type": "application/json"},
    )
    assert 400 <= response.status_code < 500, response.text
