"""Views that a service publishes for others to read. They live outside `Base.metadata`, which describes tables only."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid

from codezest_db.base import enum_type
from codezest_db.enums import Role

views_metadata = MetaData()

public_users = Table(
    "public_users",
    views_metadata,
    Column("id", Uuid(), primary_key=True),
    Column("display_name", Text(), comment="First and last name; null once the account is deleted."),
    Column("avatar_url", Text(), comment="Null once the account is deleted."),
    Column("role", enum_type(Role), nullable=False),
    schema="auth",
    comment="What every service may know of a user, deleted accounts included.",
)

public_progress = Table(
    "public_progress",
    views_metadata,
    Column("user_id", Uuid(), nullable=False),
    Column("language_slug", Text(), nullable=False),
    Column("language_name", Text(), nullable=False),
    Column("progress_percent", Integer(), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    schema="learning",
    comment="How far each learner is in the published languages they take.",
)

public_activity = Table(
    "public_activity",
    views_metadata,
    Column("user_id", Uuid(), nullable=False),
    Column("subject_id", Uuid(), nullable=False, comment="The exercise, material or quiz."),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("solved", Boolean(), nullable=False, comment="Whether an exercise was passed by it."),
    schema="learning",
    comment="What each learner has handed in or finished, and when.",
)
