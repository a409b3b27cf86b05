"""Views that a service publishes for others to read. They live outside `Base.metadata`, which describes tables only."""

from sqlalchemy import Column, MetaData, Table, Text, Uuid

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
