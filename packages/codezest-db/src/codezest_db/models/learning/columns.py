"""Columns and constraints that several tables of `learning` share."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import LIVE, SLUG_PATTERN, SoftDeleted, Timestamped
from codezest_db.enums import LatePolicy, PublicationStatus

SCHEMA = "learning"
USER_ID = "auth.users.id"


class Revisioned:
    content_revision: Mapped[str | None] = mapped_column(
        sort_order=90,
        comment="Revision of the content files this row was last synchronised from; null when authored here.",
    )


class InModule(Revisioned, Timestamped, SoftDeleted):
    """Something a module lists: found by slug, shown in order, published on its own."""

    module_id: Mapped[UUID] = mapped_column(ForeignKey("learning.modules.id", ondelete="CASCADE"), sort_order=-10)
    slug: Mapped[str] = mapped_column(sort_order=-9)
    title: Mapped[str] = mapped_column(sort_order=-8)
    description: Mapped[str | None] = mapped_column(sort_order=-7)
    position: Mapped[int] = mapped_column(server_default="0", sort_order=80)
    status: Mapped[PublicationStatus] = mapped_column(server_default=PublicationStatus.DRAFT, sort_order=81)


class Timed:
    """When learners may work on it, when it is due, and what lateness costs."""

    available_from: Mapped[datetime | None] = mapped_column(sort_order=70, comment="Null: as soon as it is published.")
    available_until: Mapped[datetime | None] = mapped_column(sort_order=71, comment="Null: for good.")
    due_at: Mapped[datetime | None] = mapped_column(sort_order=72)
    late_policy: Mapped[LatePolicy] = mapped_column(server_default=LatePolicy.NO_PENALTY, sort_order=73)
    late_penalty_percent: Mapped[int] = mapped_column(
        server_default="0", sort_order=74, comment="Of the score, for every day begun after it was due."
    )
    late_floor_percent: Mapped[int] = mapped_column(
        server_default="0", sort_order=75, comment="Of the score, which lateness never takes away."
    )


def timed_constraints() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("available_until > available_from", name="available_until_after_from"),
        percent_check("late_penalty_percent"),
        percent_check("late_floor_percent"),
    )


def slug_check() -> CheckConstraint:
    return CheckConstraint(f"slug ~ '{SLUG_PATTERN}'", name="slug_shape")


def title_check() -> CheckConstraint:
    return CheckConstraint("title <> ''", name="title_given")


def in_module_constraints(table: str) -> tuple[CheckConstraint | Index, ...]:
    return (
        Index(f"uq_{table}_module_id_slug", "module_id", "slug", unique=True, postgresql_where=LIVE),
        Index(None, "module_id", "position"),
        slug_check(),
        title_check(),
        position_check(),
        CheckConstraint("status <> 'ARCHIVED'", name="status_not_archived"),
    )


def position_check() -> CheckConstraint:
    return CheckConstraint("position >= 0", name="position_range")


def percent_check(column: str = "progress_percent") -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN 0 AND 100", name=f"{column}_range")
