"""Hold what files say to what forms ask of the same fields: lengths, addresses, the shape of what is stored as JSON."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from codezest.kit.schemas import ApiModel
from codezest.services.learning.content.columns import (
    assignment_columns,
    course_columns,
    material_columns,
    module_columns,
    option_columns,
    question_columns,
    quiz_columns,
    test_columns,
)
from codezest.services.learning.content.model import AssignmentContent, CourseContent, MaterialContent, QuestionContent
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.schemas.authoring import (
    MaterialChange,
    ModuleChange,
    OptionChange,
    QuestionChange,
    QuizChange,
)
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange, TestChange
from codezest.services.learning.schemas.enrolling import MOST_PREREQUISITES
from codezest.services.learning.schemas.rubrics import RubricChange
from codezest.services.learning.schemas.teaching import CourseChange
from codezest_db.enums import Verdict

MOST_THINGS = 5_000
MOST_QUESTIONS = 20_000
MOST_PROBLEMS = 200
Checked = tuple[str, type[BaseModel], Mapping[str, Any]]


class _WrongProgram(ApiModel):
    file: str
    code: str
    files: dict[str, str] | None
    verdict: Verdict
    fails: list[str] | Literal["all"]
    why: str


class _Requires(ApiModel):
    requires: list[Annotated[str, StringConstraints(max_length=200)]] = Field(max_length=MOST_PREREQUISITES)


class _Kept(ApiModel):
    """Columns that files alone say."""

    wrong_programs: list[_WrongProgram]


def check_values(tree: CourseContent) -> list[Problem]:
    """What no form would take, named by the titles of modules and items."""
    things = sum(1 + len(module.items) for module in tree.modules)
    questions = len(tree.bank) + sum(len(quiz.questions) for module in tree.modules for quiz in module.quizzes)
    if things > MOST_THINGS or questions > MOST_QUESTIONS:
        message = f"there are {things} modules and items and {questions} questions; at most {MOST_THINGS} and {MOST_QUESTIONS} come in at once"
        return [Problem(".", None, message)]
    found = [Problem(title, None, "it waits for itself: mend `prerequisites`") for title in _circles(tree)]
    for place, schema, columns in _all(tree):
        found += _faults(place, schema, columns)
        if len(found) >= MOST_PROBLEMS:
            break
    return found[:MOST_PROBLEMS]


def _circles(tree: CourseContent) -> list[str]:
    """Titles of modules that could never be begun."""
    waits = {module.id: set(module.prerequisites) for module in tree.modules}
    done: set[UUID] = set()
    while ready := [one for one in waits if one not in done and waits[one] <= done]:
        done.update(ready)
    return [module.title for module in tree.modules if module.id not in done]


def _faults(place: str, schema: type[BaseModel], columns: Mapping[str, Any]) -> list[Problem]:
    asked = {name: value for name, value in columns.items() if name in schema.model_fields and value is not None}
    try:
        schema.model_validate(asked)
    except ValidationError as error:
        return [
            Problem(place, None, f"`{'.'.join(map(str, one['loc']))}`: {one['msg'].removeprefix('Value error, ')}")
            for one in error.errors()
        ]
    return []


def _all(tree: CourseContent) -> Iterator[Checked]:
    yield tree.title, CourseChange, course_columns(tree, None)
    yield tree.title, _Requires, {"requires": list(tree.requires)}
    for rubric in tree.rubrics:
        yield str(rubric.columns.get("title", "")), RubricChange, rubric.columns
    for module in tree.modules:
        yield module.title, ModuleChange, module_columns(module, module.id)
        for item in module.items:
            place = f"{module.title} / {item.title}"
            if isinstance(item, MaterialContent):
                yield place, MaterialChange, material_columns(item, module.id)
            elif isinstance(item, AssignmentContent):
                columns = assignment_columns(item, module.id)
                yield place, AssignmentChange, columns
                yield place, _Kept, columns
                for number, test in enumerate(item.tests, start=1):
                    yield f"{place} / {test.name}", TestChange, test_columns(test, number)
            else:
                yield place, QuizChange, quiz_columns(item, module.id)
                for question in item.questions:
                    yield from _question(place, question)
    for question in tree.bank:
        yield from _question(tree.title, question)


def _question(place: str, question: QuestionContent) -> Iterator[Checked]:
    yield f"{place} / {question.text[:60]}", QuestionChange, question_columns(question, None, 0)
    for option in question.options:
        yield f"{place} / {option.text[:60]}", OptionChange, option_columns(option, question.id, 0)
