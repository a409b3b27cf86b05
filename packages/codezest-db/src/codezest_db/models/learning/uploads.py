"""Files that those who teach a course have sent in for it."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, EMPTY_TEXTS, Base, Identified, Timestamped
from codezest_db.enums import UploadKind
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class Upload(Identified, Timestamped, Base):
    __tablename__ = "uploads"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="RESTRICT"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.uploads.id", ondelete="CASCADE"), index=True, comment="The document a picture stands in."
    )
    kind: Mapped[UploadKind]
    name: Mapped[str] = mapped_column(comment="As it is saved; its ending follows from its content.")
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BIGINT, comment="What it takes in the store.")
    sha256: Mapped[bytes] = mapped_column(comment="Of what was sent.")
    width: Mapped[int | None] = mapped_column(comment="Of a picture, in pixels.")
    height: Mapped[int | None]
    pages: Mapped[int | None] = mapped_column(comment="Of a PDF.")
    page_texts: Mapped[list[str]] = mapped_column(
        server_default=EMPTY_TEXTS, comment="What its first pages say, one text a page."
    )
    html: Mapped[str | None] = mapped_column(comment="A DOCX as markup, sanitised.")
    content_key: Mapped[str | None] = mapped_column(
        comment="Of a file of the content folder: what a column such as file_key says."
    )

    __table_args__ = (
        Index("ix_uploads_course_id_listed", "course_id", "id", postgresql_where=text("parent_id IS NULL")),
        Index(None, "course_id"),
        Index(
            "uq_uploads_course_id_content_key",
            "course_id",
            "content_key",
            unique=True,
            postgresql_where=text("content_key IS NOT NULL"),
        ),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("size_bytes >= 0", name="size_bytes_range"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("(kind = 'PICTURE') = (width IS NOT NULL)", name="picture_is_measured"),
        CheckConstraint("num_nonnulls(width, height) <> 1 AND width > 0 AND height > 0", name="measures_range"),
        CheckConstraint("pages > 0", name="pages_range"),
        CheckConstraint("kind = 'DOCUMENT' OR num_nonnulls(pages, html) = 0", name="only_documents_are_read"),
        {"schema": SCHEMA, "comment": "Files of courses; each lies in the store under its id."},
    )
