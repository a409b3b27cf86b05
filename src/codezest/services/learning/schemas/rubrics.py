"""Rubrics: what work is graded by."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictInt, model_validator

from codezest.kit.schemas import LARGEST_INTEGER, ApiModel, ApiResponse

Short = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
Note = Annotated[str, Field(max_length=2_000)]
Points = Annotated[StrictInt, Field(ge=0, le=1_000)]
Key = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class RubricLevel(ApiModel):
    id: Key | None = Field(default=None, description="Null: a new one.")
    title: Short
    description: Note = ""
    points: Points


class RubricCriterion(ApiModel):
    id: Key | None = Field(default=None, description="Null: a new one.")
    title: Short
    description: Note = ""
    levels: list[RubricLevel] = Field(min_length=1, max_length=9)


class RubricChange(ApiModel):
    """A rubric as it is to be."""

    title: Short
    criteria: list[RubricCriterion] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _ids_differ(self) -> "RubricChange":
        for ids in ([c.id for c in self.criteria], *([level.id for level in c.levels] for c in self.criteria)):
            given = [one for one in ids if one is not None]
            if len(given) != len(set(given)):
                raise ValueError("two criteria, or two levels of one, have the same id")
        return self


class RubricUpdate(RubricChange):
    version: StrictInt = Field(
        ge=1, le=LARGEST_INTEGER, description="The one that was changed; 409 `rubric-changed` if it is not the latest."
    )


class RubricDetail(ApiResponse):
    id: UUID
    title: str
    version: int
    criteria: list[dict[str, Any]] = Field(
        description="id, title, description, levels (id, title, description, points), highest first."
    )
    max_points: int
    used: bool = Field(description="Whether work was graded by it: then a change makes the next version.")
    archived: bool
    assignments: list[str] = Field(description="Titles of those that are graded by it.")


class Rubrics(ApiResponse):
    items: list[RubricDetail]
