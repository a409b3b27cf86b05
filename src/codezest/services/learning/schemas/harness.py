"""What authors send besides an assignment's tests: their own programs, static rules, groups of tests."""

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints, field_validator, model_validator

from codezest.grading.languages import languages
from codezest.grading.rules import RuleKind
from codezest.kit.schemas import ApiModel
from codezest.services.learning.program_files import (
    MAX_PATH,
    PATH_PATTERN,
    fault_of_paths,
    fault_of_size,
    size_of,
)
from codezest_db.enums import GroupPolicy

MAX_HARNESS_BYTES = 1 << 20
"""All of an assignment's own programs together, in bytes of UTF-8."""

FilePath = Annotated[str, StringConstraints(max_length=MAX_PATH, pattern=PATH_PATTERN)]
FileText = Annotated[str, StringConstraints(max_length=256 * 1024)]
Files = dict[FilePath, FileText]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"\S")]
Seed = Annotated[StrictInt, Field(ge=0, le=2**53 - 1)]


def known_runtime(value: str | None) -> str | None:
    known = sorted(language.key for language in languages())
    if value is not None and value not in known:
        raise ValueError(f"programs in this language cannot be run; known are: {', '.join(known)}")
    return value


def files_fit(files: dict[str, str]) -> dict[str, str]:
    """As files of one program."""
    if fault := fault_of_paths(files) or fault_of_size(files):
        raise ValueError(fault)
    return files


class AuthorsProgram(ApiModel):
    """A program of the author that takes part in grading."""

    language: str = Field(description="The key under which it is run.")
    entry: FilePath = Field(description="The file it begins with.")
    files: Files = Field(min_length=1, max_length=20, description="Text by path.")

    _language = field_validator("language")(known_runtime)
    _files = field_validator("files")(files_fit)

    @model_validator(mode="after")
    def _entry_is_there(self) -> "AuthorsProgram":
        if self.entry not in self.files:
            raise ValueError(f"the files lack {self.entry}, which the program begins with")
        return self


class Harness(ApiModel):
    """The author's own programs and files. Learners never see them."""

    checker: AuthorsProgram | None = Field(default=None, description="Decides where the checker is CUSTOM.")
    interactor: AuthorsProgram | None = Field(default=None, description="What programs talk with, in mode INTERACTIVE.")
    unit_tests: Files = Field(
        default_factory=dict[str, str], max_length=20, description="Text by path, in mode UNIT_TESTS."
    )
    support_files: Files = Field(
        default_factory=dict[str, str], max_length=20, description="Text by path: lie beside the learner's program."
    )
    generators: dict[FilePath, AuthorsProgram] = Field(
        default_factory=dict[str, AuthorsProgram], max_length=20, description="Write the input of tests, by name."
    )

    _files = field_validator("unit_tests", "support_files")(files_fit)

    @model_validator(mode="after")
    def _fits(self) -> "Harness":
        programs = [self.checker, self.interactor, *self.generators.values()]
        size = sum(size_of(program.files) for program in programs if program is not None)
        size += size_of(self.unit_tests) + size_of(self.support_files)
        if size > MAX_HARNESS_BYTES:
            raise ValueError(f"all files have {size} bytes together; at most {MAX_HARNESS_BYTES} are stored")
        return self


class Rule(ApiModel):
    """What the source must or must not contain: a construct by its name, or what a tree-sitter query finds."""

    kind: RuleKind
    name_of_construct: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")] | None = Field(
        default=None, alias="construct", description="Such as `loop` or `import:os`."
    )
    query: Annotated[str, StringConstraints(min_length=1, max_length=5_000, pattern=r"\S")] | None = None
    message: Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=r"\S")] | None = Field(
        default=None, description="What the learner is told; null: a sentence made up from the rule."
    )
    at_least: Annotated[StrictInt, Field(ge=1, le=1_000)] | None = Field(
        default=None, description="REQUIRE: how many there must be; null: 1."
    )
    at_most: Annotated[StrictInt, Field(ge=0, le=1_000)] | None = Field(
        default=None, description="FORBID: how many there may be; null: none."
    )


class Group(ApiModel):
    """Tests that count together."""

    name: Name
    policy: GroupPolicy = Field(
        default=GroupPolicy.SUM,
        description="ALL: its points if every test is accepted; SUM: each test its share; MIN: the lowest share.",
    )
    points: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = Field(
        default=None, description="Null: those of its tests together."
    )


class Generator(ApiModel):
    """What writes a test's input."""

    script: FilePath = Field(description="One of the harness's generators.")
    args: list[Annotated[str, StringConstraints(max_length=1_000)]] = Field(default_factory=list[str], max_length=50)
    seed: Seed | None = Field(default=None, description="Null: the assignment's.")
