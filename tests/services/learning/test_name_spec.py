"""A specification has one name, whoever asks and however often, and no other specification has it."""

import threading
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from codezest.grading import GradingSpec, TestSpec
from codezest.grading.canonical import sha256_of, to_canonical
from codezest.kit.database import Database
from codezest.services.learning.actions import name_spec
from codezest.services.learning.actions.name_spec import written
from codezest.services.learning.jobs import grade_submission
from fixtures.scripted_grader import ScriptedGrader

from .conftest import Drain, Person, submit
from .regrading import NEW, Graded, begin, change_tests


def _spec(*arguments: Any, **options: Any) -> GradingSpec:
    return GradingSpec(
        language="python", tests=(TestSpec(name="one", arguments=arguments, checker_options=options),), function="f"
    )


@pytest.mark.parametrize(
    "others",
    [[_spec(1), _spec(1.0), _spec(True)], [_spec(0), _spec(False), _spec(-0.0)], [_spec(header=1), _spec(header=True)]],
    ids=["ones", "noughts", "options"],
)
def test_what_python_takes_for_equal_has_names_of_its_own(others: list[GradingSpec]) -> None:
    names = [written(spec).name for spec in others * 2]
    assert names[: len(others)] == names[len(others) :]
    assert names[: len(others)] == [sha256_of(to_canonical(spec)) for spec in others]
    assert len(set(names)) == len(others)


def test_the_same_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[GradingSpec] = []

    def note(spec: GradingSpec) -> str:
        made.append(spec)
        return to_canonical(spec)

    monkeypatch.setattr(name_spec, "to_canonical", note)
    spec = _spec("only here")
    assert written(spec) is written(replace(spec))
    assert len(made) == 1
    for number in range(name_spec.REMEMBERED):
        written(_spec("only here", number))
    written(spec)
    assert len(made) == name_spec.REMEMBERED + 2


async def test_nothing_is_written_where_others_wait(
    database: Database, teacher: Person, learner: Person, exercise: UUID, graded: Graded, drain: Drain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Large tests take long to be written as canonical JSON: never in the thread of the event loop."""
    here = threading.get_ident()
    where: list[bool] = []

    def note(spec: GradingSpec) -> str:
        where.append(threading.get_ident() == here)
        return to_canonical(spec)

    monkeypatch.setattr(name_spec, "to_canonical", note)
    name_spec._last.clear()
    await grade_submission(database, ScriptedGrader(), UUID(await submit(learner, exercise, "AC WA")))
    await graded(learner, "one=WA two=AC")
    await change_tests(teacher, exercise, [test | {"kind_of_case": "Other."} for test in NEW])
    begun = await begin(teacher, exercise)
    await drain()
    name_spec._last.clear()
    assert (await teacher.post(f"/regrades/{begun['id']}/apply")).status_code in {200, 409}
    assert set(where) == {False}
    assert len(where) >= 3
