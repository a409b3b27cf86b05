"""What authors send about assignments and their tests. See `authoring` for what a change is."""

from typing import Annotated, Any

from pydantic import (
    Field,
    FiniteFloat,
    SerializerFunctionWrapHandler,
    StrictBool,
    StrictInt,
    field_validator,
    model_serializer,
)

from codezest.grading.languages import languages
from codezest.kit.schemas import ApiModel
from codezest.services.learning.program_files import fault_of_paths
from codezest.services.learning.rules.calls import Arguments, FunctionName
from codezest.services.learning.schemas.authoring import (
    Change,
    ItemStatus,
    Line,
    Minutes,
    Revised,
    Sentence,
    Slug,
    Text,
    TimedFields,
    Title,
    absent,
)
from codezest.services.learning.schemas.harness import (
    FilePath,
    Files,
    Generator,
    Group,
    Harness,
    Name,
    Rule,
    Seed,
    files_fit,
    known_runtime,
)
from codezest_db.enums import AssignmentKind, CheckerKind, Difficulty, GradingMode

MEBIBYTE = 1 << 20
MAX_TESTS = 200
"""Of one assignment."""

Seconds = Annotated[FiniteFloat, Field(strict=True, ge=0.001, le=120)]
Memory = Annotated[StrictInt, Field(ge=MEBIBYTE, le=4096 * MEBIBYTE)]
Points = Annotated[StrictInt, Field(ge=0, le=1_000)]
OutputBytes = Annotated[StrictInt, Field(ge=1, le=64 * MEBIBYTE)]


def _fit_beside_the_program(files: dict[str, str]) -> dict[str, str]:
    """The program's own name is taken, and no name may be a file and a folder at once."""
    programs = {language.file_name for language in languages()}
    for name in sorted(programs & set(files)):
        raise ValueError(f"{name} is the learner's program")
    if fault := fault_of_paths(files, taken=programs):
        raise ValueError(fault)
    return files


class CheckerOptions(ApiModel):
    """What a checker may be told beside what to compare."""

    absolute: FiniteFloat = Field(strict=True, default=1e-6, ge=0, description="FLOAT: a tolerance.")
    relative: FiniteFloat = Field(strict=True, default=1e-6, ge=0, description="FLOAT: a tolerance.")
    header: int = Field(
        strict=True, default=0, ge=0, le=100, description="UNORDERED_LINES: first lines that stay first."
    )
    separator: Line = Field(default="", max_length=20, description="FLOAT, TOKENS: characters that part words.")

    @model_serializer(mode="wrap")
    def _what_was_sent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What options default to is the checker's matter."""
        return {name: value for name, value in handler(self).items() if name in self.model_fields_set}


class AssignmentFields(TimedFields):
    slug: Slug = Field(default_factory=absent)
    description: Text | None = None
    instructions: Text | None = Field(default=None, description="Markdown.")
    kind: AssignmentKind = Field(default_factory=absent)
    language: str | None = Field(default=None, description="The key under which its programs are run.")
    difficulty: Difficulty = Field(default_factory=absent)
    grading_mode: GradingMode = Field(default_factory=absent)
    function_name: FunctionName | None = Field(default=None, description="What tests of mode FUNCTION call.")
    starter_code: Text | None = None
    starter_files: Files = Field(
        default_factory=absent,
        max_length=19,
        description="Text by path, beside `starter_code`; if any, learners send several files.",
    )
    solution_code: Text | None = Field(default=None, description="Never shown to learners.")
    solution_files: Files = Field(
        default_factory=absent, max_length=19, description="Text by path, beside `solution_code`."
    )
    harness: Harness = Field(default_factory=absent, description="Replaces the earlier one as a whole.")
    rules: list[Rule] = Field(default_factory=absent, max_length=50)
    test_groups: list[Group] = Field(default_factory=absent, max_length=50)
    seed: Seed = Field(default_factory=absent, description="Of generators whose test names none.")
    separate_processes: StrictBool = Field(
        default_factory=absent, description="Every test gets a process of its own, even where a shared one is faster."
    )
    hints: list[Sentence] = Field(default_factory=absent, max_length=20)
    max_score: StrictInt = Field(default_factory=absent, ge=1, le=10_000)
    time_limit_minutes: Minutes | None = None
    allow_late: StrictBool = Field(default_factory=absent, description="False is the same as the late policy CUT_OFF.")
    cpu_seconds: Seconds = Field(default_factory=absent, description="Per test.")
    wall_seconds: Seconds = Field(default_factory=absent, description="Per test.")
    memory_bytes: Memory = Field(default_factory=absent, description="Per test.")
    output_bytes: OutputBytes = Field(default_factory=absent, description="Per test.")
    checker: CheckerKind = Field(default_factory=absent)
    checker_options: CheckerOptions = Field(default_factory=absent)
    status: ItemStatus = Field(default_factory=absent)

    _language = field_validator("language")(known_runtime)
    _files = field_validator("starter_files", "solution_files")(files_fit)


class AssignmentChange(Revised, AssignmentFields):
    title: Title = Field(default_factory=absent)


class NewAssignment(AssignmentFields):
    title: Title


class TestFields(Change):
    """One run of a program: what it reads, and what it must print. `expected` null: it only has to end normally."""

    __test__ = False

    stdin: Text = Field(default_factory=absent)
    args: list[Line] = Field(default_factory=absent, max_length=50)
    files: dict[FilePath, Text] = Field(default_factory=absent, max_length=20, description="Text by file name.")
    expected: Text | None = None
    checker: CheckerKind | None = Field(default=None, description="Null: as the assignment says.")
    checker_options: CheckerOptions | None = Field(default=None, description="Null: as the assignment says.")
    points: Points = Field(default_factory=absent)
    visible: StrictBool = Field(default_factory=absent, description="Learners see only the name of hidden tests.")
    kind_of_case: Line | None = Field(default=None, description="What a hidden test tries, in words for learners.")
    cpu_seconds: Seconds | None = None
    wall_seconds: Seconds | None = None
    memory_bytes: Memory | None = None
    output_bytes: OutputBytes | None = None
    group_name: Name | None = Field(default=None, description="One of the assignment's groups.")
    bonus: StrictBool = Field(
        default_factory=absent, description="Its points come on top of the others; nobody needs them to pass."
    )
    sample: StrictBool = Field(default_factory=absent, description="Shown with the task, as an example.")
    arguments: Arguments | None = Field(
        default=None, description="Of the function called; `expected` is then the JSON it returns."
    )
    generator: Generator | None = Field(default=None, description="What writes the input, in place of `stdin`.")

    _files = field_validator("files")(_fit_beside_the_program)


class TestChange(TestFields):
    name: Title = Field(default_factory=absent)


class NewTest(TestFields):
    name: Title


class TestSet(ApiModel):
    """All tests of an assignment, in order."""

    __test__ = False

    tests: list[NewTest] = Field(max_length=MAX_TESTS)
