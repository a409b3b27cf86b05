"""Files of a course, as those who teach it get them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.learning.schemas.catalog import Person
from codezest_db.enums import UploadKind

Slot = Literal["video", "captions", "document", "picture"]
"""Where a lesson holds a file."""


class UploadUse(ApiResponse):
    """A place in the course that shows a file or leads to it."""

    kind: Literal["COURSE", "MATERIAL", "ASSIGNMENT", "QUESTION"]
    id: UUID
    title: str
    is_draft: bool


class UploadDetail(ApiResponse):
    id: UUID
    kind: UploadKind
    name: str = Field(description="As it is saved; its ending follows from its content.")
    media_type: str
    size_bytes: int
    sha256: str = Field(description="Of what was sent, in hexadecimal.")
    width: int | None = Field(description="Of a picture, in pixels.")
    height: int | None
    pages: int | None = Field(description="Of a PDF.")
    url: str = Field(description="Leads to the file for whoever may see it; what Markdown of the course names.")
    uploaded_at: datetime
    uploaded_by: Person | None
    used_in: list[UploadUse] = Field(description="At most 20 places.")


class UploadPage(ApiResponse):
    """One page of a course's files, newest first."""

    items: list[UploadDetail]
    next_cursor: str | None
    used_bytes: int = Field(description="What all files of the course take together.")
    limit_bytes: int


class UploadChoice(ApiModel):
    """A file of the same course, or none."""

    upload_id: UUID | None
