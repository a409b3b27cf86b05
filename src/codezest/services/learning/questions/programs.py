"""Questions that are answered by writing a program. The kind only says that a program waits: a grader runs it."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    FiniteFloat,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from codezest.grading.languages import languages
from codezest.kit.i18n import gettext as _
from codezest.kit.schemas import ApiModel
from codezest.services.learning import kinds
from codezest.services.learning.questions.asked import (
    CODE,
    WRONG,
    Answer,
    Asked,
    FieldKind,
    Graded,
    ProgramField,
    SampleTest,
)
from codezest.services.learning.questions.asked import Field as AnswerField
from codezest.services.learning.rules import MAX_CODE_BYTES
from codezest.services.learning.rules.calls import Arguments, FunctionName
from codezest_db.enums import GradingMode, QuestionType

MAX_TESTS = 20
MAX_TESTS_BYTES = 256 * 1024
"""Inputs, arguments and what is expected of all tests together, in bytes of UTF-8."""
MODES = (GradingMode.STDIO, GradingMode.FUNCTION)
"""How such programs can be put to the test."""
LACKING = "lacking"
"""The type of the error of a key whose parts do not fit its mode."""
IN_KEY = {"function_name": "function", "grading_mode": "mode"}
"""What columns of assignments are called here."""

Program = Annotated[str, StringConstraints(max_length=MAX_CODE_BYTES)]
TestText = Annotated[str, StringConstraints(max_length=64 * 1024)]


class CodeTest(ApiModel):
    """One run of the program: what it reads, and what it has to print; or one call of its function."""

    __test__ = False  # keeps pytest from collecting it

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"\S")] | None = Field(
        default=None, description="For learners too, where the test is visible."
    )
    input: TestText = ""
    arguments: Arguments | None = Field(
        default=None, description="Of the function called; `expected` is then the JSON it returns."
    )
    expected: TestText
    visible: StrictBool = Field(default=False, description="True: learners see it, and may run it before they hand in.")
    points: StrictInt = Field(default=1, ge=1, le=100, description="Its weight among the tests.")


class CodeKey(ApiModel):
    """For CODE: the tests, and a solution that passes them all. Of this, learners are shown the visible tests."""

    language: str = Field(description="The key under which its programs are run.")
    mode: Literal["STDIO", "FUNCTION"] = Field(
        default="STDIO", description="STDIO: they read input and print. FUNCTION: each test calls a function of theirs."
    )
    function: FunctionName | None = Field(default=None, description="What tests of mode FUNCTION call.")
    starter: Program = Field(default="", description="What learners begin with. Left as it is, it is no answer.")
    solution: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE_BYTES, pattern=r"\S")]
    tests: list[CodeTest] = Field(min_length=1, max_length=MAX_TESTS)
    cpu_seconds: Annotated[FiniteFloat, Field(ge=0.001, le=120)] | None = Field(
        default=None, description="Per test; null: as assignments that say nothing."
    )

    @field_validator("language")
    @classmethod
    def _can_be_run(cls, language: str) -> str:
        known = sorted(one.key for one in languages())
        if language not in known:
            raise ValueError(f"programs in this language cannot be run; known are: {', '.join(known)}")
        return language

    @field_validator("starter", "solution")
    @classmethod
    def _fits(cls, program: str) -> str:
        if len(program.encode()) > MAX_CODE_BYTES:
            raise ValueError(f"a program has at most {MAX_CODE_BYTES} bytes")
        return program

    @model_validator(mode="after")
    def _tests_fit(self) -> "CodeKey":
        if sum(map(_size_of, self.tests)) > MAX_TESTS_BYTES:
            raise ValueError(f"the tests have more than {MAX_TESTS_BYTES} bytes together")
        return self

    @model_validator(mode="after")
    def _mode_fits(self) -> "CodeKey":
        """By the rules of assignments, each fault at its own place."""
        columns = {
            "language": self.language,
            "grading_mode": GradingMode(self.mode),
            "function_name": self.function,
        }
        tests = [
            {"name": name_of_test(test, number), **test.model_dump(include={"arguments", "expected"})}
            for number, test in enumerate(self.tests, start=1)
        ]
        faults = [(fault, fault.message) for fault in kinds.contradictions(columns, tests)]
        faults += [(fault, f"this is missing: {fault.message}") for fault in kinds.lacks(columns, tests)]
        if faults:
            raise ValidationError.from_exception_data(
                type(self).__name__, [_error(fault, said) for fault, said in faults]
            )
        return self


def _size_of(test: CodeTest) -> int:
    """Of its texts, in bytes of UTF-8."""
    arguments = "" if test.arguments is None else json.dumps(test.arguments, ensure_ascii=False)
    return sum(len(text.encode()) for text in (test.input, arguments, test.expected))


def _error(fault: kinds.Fault, said: str) -> InitErrorDetails:
    name = IN_KEY.get(fault.field, fault.field)
    return InitErrorDetails(
        type=PydanticCustomError(LACKING, "{said}", {"said": said}),
        loc=(name,) if fault.test is None else ("tests", fault.test, name),
        input=None,
    )


def code_key(kind: QuestionType, key: Mapping[str, Any] | None) -> CodeKey | None:
    """The key of a question that is answered by a program; None: it is none, or nothing was written yet."""
    return CodeKey.model_validate(key) if key and kind is QuestionType.CODE else None


def name_of_test(test: CodeTest, number: int) -> str:
    """What a test is called; `number` is from 1."""
    return test.name or _("Test %(number)s") % {"number": number}


def same_program(one: str, other: str) -> bool:
    """Whether they differ in nothing but line ends and white space at the ends of lines."""
    return [line.rstrip() for line in one.strip().splitlines()] == [
        line.rstrip() for line in other.strip().splitlines()
    ]


class Code:
    """Waits to be graded, unless it was left open: empty, or no more than the program to start from."""

    def problems(self, asked: Asked) -> list[str]:
        return [] if asked.key else [_("a language, a solution and a test")]

    def fields(self, asked: Asked, *, order: str) -> list[AnswerField]:  # noqa: ARG002 - the interface
        key = code_key(asked.type, asked.key)
        if key is None:
            return []
        samples = tuple(
            SampleTest(
                name=name_of_test(test, number), input=test.input, arguments=test.arguments, expected=test.expected
            )
            for number, test in enumerate(key.tests, start=1)
            if test.visible
        )
        program = ProgramField(
            language=key.language,
            function=key.function,
            starter=key.starter,
            samples=samples,
            hidden=len(key.tests) - len(samples),
        )
        return [AnswerField(name=CODE, kind=FieldKind.CODE, lines=12, program=program)]

    def grade(self, asked: Asked, answer: Answer) -> Graded:
        key = code_key(asked.type, asked.key)
        text = answer.entries.get(CODE, "")
        if key is None or not text.strip() or same_program(text, key.starter):
            return WRONG
        return Graded(fraction=None)

    def solution(self, asked: Asked) -> Answer:
        key = code_key(asked.type, asked.key)
        return Answer(entries={} if key is None else {CODE: key.solution})


def graded_of(earned: int, possible: int) -> Graded:
    """How right a program is that earned so much of the weight of its tests."""
    fraction = Fraction(earned, possible) if possible else Fraction(0)
    return Graded(fraction=fraction, right_fields=frozenset({CODE}) if fraction == 1 else frozenset())
