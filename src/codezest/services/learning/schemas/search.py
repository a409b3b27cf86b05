"""What a search finds."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiResponse
from codezest_db.enums import AssignmentKind, MaterialType

FoundKind = Literal["LANGUAGE", "COURSE", "MODULE", "MATERIAL", "ASSIGNMENT", "QUIZ"]


class Segment(ApiResponse):
    """A piece of a text; `hit` where it is what was looked for."""

    text: str
    hit: bool


class Found(ApiResponse):
    """One thing that was found, and where it leads."""

    kind: FoundKind
    id: UUID = Field(description="Of the course, where the kind is LANGUAGE or COURSE.")
    path: str = Field(description="Its page.")
    title: list[Segment]
    excerpt: list[Segment]
    material_type: MaterialType | None
    assignment_kind: AssignmentKind | None
    course: str = Field(description="The name of the language or course that it belongs to.")
    module: str | None = Field(description="The title of the module that it belongs to.")
    open: bool = Field(
        description="Whether the caller may read it now; a locked lesson or a quiz before enrolling is not."
    )


class SearchResults(ApiResponse):
    """The best first. `similar` when nothing matched and these merely look alike."""

    query: str
    similar: bool
    items: list[Found]
