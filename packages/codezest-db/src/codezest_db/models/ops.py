"""Schema `ops`: what every process shares. The job queue's own tables stand beside these (see `codezest_db.queue`)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import NOW, Base, Created, Identified, JsonObject

SCHEMA = "ops"

__all__ = ["IdempotencyKey", "Outbox", "OutboxConsumption", "Worker"]


class Outbox(Identified, Created, Base):
    __tablename__ = "outbox"

    topic: Mapped[str] = mapped_column(comment="Name of the event's type.")
    payload: Mapped[JsonObject]
    relayed_at: Mapped[datetime | None] = mapped_column(
        comment="Set in the transaction that hands it to every subscriber."
    )
    attempts: Mapped[int] = mapped_column(Integer(), server_default="0", comment="Attempts to relay that failed.")
    last_error: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it may be relayed next.")
    given_up_at: Mapped[datetime | None] = mapped_column(
        comment="Set when it failed too often; an operator may have it tried again."
    )

    __table_args__ = (
        Index("ix_outbox_due", "due_at", "id", postgresql_where=text("relayed_at IS NULL AND given_up_at IS NULL")),
        Index("ix_outbox_given_up", "id", postgresql_where=text("given_up_at IS NOT NULL")),
        Index("ix_outbox_relayed_at", "relayed_at", postgresql_where=text("relayed_at IS NOT NULL")),
        CheckConstraint("topic <> ''", name="topic_given"),
        CheckConstraint("attempts >= 0", name="attempts_range"),
        CheckConstraint("num_nonnulls(relayed_at, given_up_at) <= 1", name="relayed_or_given_up"),
        {"schema": SCHEMA, "comment": "Events, written in the transaction of what they announce."},
    )


class OutboxConsumption(Base):
    __tablename__ = "outbox_consumptions"

    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("ops.outbox.id", ondelete="CASCADE"), primary_key=True)
    subscriber: Mapped[str] = mapped_column(primary_key=True, comment="Stable name of the subscriber.")
    consumed_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        {
            "schema": SCHEMA,
            "comment": "Inserted in the subscriber's own transaction: an event delivered twice is acted on once.",
        },
    )


class IdempotencyKey(Identified, Created, Base):
    __tablename__ = "idempotency_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth.users.id", ondelete="CASCADE"))
    route: Mapped[str] = mapped_column(comment="Method and path template of the request.")
    key: Mapped[str] = mapped_column(comment="As the client sent it.")
    request_hash: Mapped[bytes] = mapped_column(
        comment="SHA-256 of the body: the same key with another body is refused."
    )
    response_status: Mapped[int | None] = mapped_column(
        SmallInteger(), comment="Null until the first request is answered."
    )
    response_headers: Mapped[JsonObject | None]
    response_body: Mapped[bytes | None]

    __table_args__ = (
        UniqueConstraint("user_id", "route", "key"),
        Index(None, "created_at"),
        CheckConstraint("char_length(key) BETWEEN 1 AND 255", name="key_length"),
        CheckConstraint("octet_length(request_hash) = 32", name="request_hash_is_sha256"),
        CheckConstraint("response_status BETWEEN 100 AND 599", name="response_status_range"),
        {"schema": SCHEMA, "comment": "Answers kept so that a repeated request changes nothing twice."},
    )


class Worker(Identified, Created, Base):
    __tablename__ = "workers"

    host: Mapped[str] = mapped_column(comment="Name of the machine.")
    version: Mapped[str] = mapped_column(comment="Of the program.")
    sandbox_tier: Mapped[str] = mapped_column(comment="How learners' programs are isolated there; NONE runs none.")
    refusal: Mapped[str | None] = mapped_column(comment="Why it grades nothing, with the remedy.")
    languages: Mapped[JsonObject] = mapped_column(
        comment="By key: the toolchain's version, or null where it is missing."
    )
    seen_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="Its latest sign of life.")

    __table_args__ = (
        Index(None, "seen_at"),
        CheckConstraint("sandbox_tier IN ('NONE', 'LANDLOCK', 'NAMESPACES', 'NAMESPACES_CGROUP')", name="sandbox_tier"),
        CheckConstraint("jsonb_typeof(languages) = 'object'", name="languages_is_object"),
        {"schema": SCHEMA, "comment": "Worker processes that live, as they say themselves."},
    )
