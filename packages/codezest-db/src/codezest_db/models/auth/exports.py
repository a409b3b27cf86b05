"""Downloads of all that is held of a user, put together from what each service writes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, Base, Created, Identified
from codezest_db.enums import DataExportStatus
from codezest_db.models.auth.columns import SCHEMA, OwnedByUser


class DataExport(Identified, OwnedByUser, Created, Base):
    __tablename__ = "data_exports"

    status: Mapped[DataExportStatus] = mapped_column(server_default=DataExportStatus.PENDING)
    file_key: Mapped[str | None] = mapped_column(comment="Storage key of the archive; null before and after its time.")
    size_bytes: Mapped[int | None] = mapped_column(BIGINT)
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(comment="When the archive is deleted.")

    __table_args__ = (
        Index("ix_data_exports_failed", "id", postgresql_where=text("status = 'FAILED'")),
        Index("uq_data_exports_pending", "user_id", unique=True, postgresql_where=text("status = 'PENDING'")),
        CheckConstraint(
            "status <> 'READY' OR num_nonnulls(file_key, size_bytes, ready_at, expires_at) = 4",
            name="ready_is_complete",
        ),
        CheckConstraint("size_bytes >= 0", name="size_bytes_range"),
        {"schema": SCHEMA, "comment": "Downloads of all that is held of a user."},
    )


class DataExportPart(Created, Base):
    __tablename__ = "data_export_parts"

    export_id: Mapped[UUID] = mapped_column(ForeignKey("auth.data_exports.id", ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True, comment="Which service wrote it.")
    file_key: Mapped[str] = mapped_column(comment="Storage key of the part.")

    __table_args__ = ({"schema": SCHEMA, "comment": "What each service has written for a download."},)
