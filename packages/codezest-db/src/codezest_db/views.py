"""Views that a service publishes for others to read. They live outside `Base.metadata`, which describes tables only."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, JSONB

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

public_instructors = Table(
    "public_instructors",
    views_metadata,
    Column("user_id", Uuid(), primary_key=True),
    Column("handle", Text(), comment="Of the public page, where everybody may see it."),
    Column("bio", Text(), comment="Markdown."),
    Column("expertise", ARRAY(Text()), nullable=False),
    schema="auth",
    comment="How those who teach introduce themselves.",
)

verified_addresses = Table(
    "verified_addresses",
    views_metadata,
    Column("user_id", Uuid(), primary_key=True),
    Column("email", CITEXT(), nullable=False),
    schema="auth",
    comment="Whose an address is, for whoever was given the address itself. Of accounts in good standing.",
)

user_handles = Table(
    "user_handles",
    views_metadata,
    Column("user_id", Uuid(), primary_key=True),
    Column("handle", CITEXT(), nullable=False, comment="Compared without regard to case."),
    schema="auth",
    comment="The accounts that can be used, by the name of their page, for who enters one; nobody is listed or shown by it.",
)

actors = Table(
    "actors",
    views_metadata,
    Column("user_id", Uuid(), primary_key=True),
    Column("role", enum_type(Role), nullable=False),
    schema="auth",
    comment="The accounts that may sign in, with what they may do now, for work that is done later in their name.",
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

features = Table(
    "features",
    views_metadata,
    Column("key", Text(), nullable=False),
    Column("value", JSONB(), nullable=False),
    schema="auth",
    comment="What administrators have set; a key without a row has its default.",
)
