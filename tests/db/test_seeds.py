"""Rows load from files, by id, as often as one likes."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from codezest_db import seeds
from codezest_db.enums import Role
from codezest_db.models import LoginEvent, OutboxConsumption, Session, User
from codezest_db.seeds import Loaded, SeedError

USER = "01980000-0000-7000-8000-000000000001"
USERS = f"""
[[auth.sessions]]
id = "01980000-0000-7000-8000-000000000002"
user_id = "{USER}"
token_hash = "{"ab" * 32}"
expires_at = 2099-01-01T00:00:00Z

[[auth.users]]
id = "{USER}"
email = "ada@example.org"
first_name = "Ada"
last_name = "Lovelace"
role = "INSTRUCTOR"
date_of_birth = 1915-12-10
"""


def _file(folder: Path, content: str, name: str = "rows.toml") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


async def test_load_and_load_again(session: AsyncSession, tmp_path: Path) -> None:
    """The session stands before its user in the file: foreign keys decide the order."""
    file = _file(tmp_path, USERS)
    assert await seeds.load(session, [file]) == Loaded(inserted=2)
    assert await seeds.load(session, [file]) == Loaded(unchanged=2)
    user = (await session.scalars(select(User))).one()
    assert (str(user.id), user.role, user.locale) == (USER, Role.INSTRUCTOR, "en")
    assert (await session.scalars(select(Session.token_hash))).one() == bytes.fromhex("ab" * 32)


async def test_only_what_a_file_names_is_changed(session: AsyncSession, tmp_path: Path) -> None:
    await seeds.load(session, [_file(tmp_path, USERS)])
    await session.execute(text("UPDATE auth.users SET locale = 'fr', first_name = 'Changed'"))
    assert await seeds.load(session, [_file(tmp_path, USERS)]) == Loaded(updated=1, unchanged=1)
    user = (await session.scalars(select(User))).one()
    assert (user.first_name, user.locale) == ("Ada", "fr")


async def test_json_across_files(session: AsyncSession, tmp_path: Path) -> None:
    event = _file(
        tmp_path,
        f"""{{"auth": {{"login_events": [{{"id": "01980000-0000-7000-8000-000000000003", "user_id": "{USER}",
        "email": "ada@example.org", "outcome": "SUCCEEDED", "ip_address": "192.0.2.1", "user_agent": null,
        "created_at": "2026-01-01T00:00:00+00:00"}}]}},
        "ops": {{"outbox": [{{"id": "01980000-0000-7000-8000-000000000004", "topic": "t", "payload": {{"a": [1]}}}}],
        "outbox_consumptions": [{{"outbox_id": "01980000-0000-7000-8000-000000000004", "subscriber": "s"}}]}}}}""",
        "rows.json",
    )
    files = [event, _file(tmp_path, USERS)]
    assert await seeds.load(session, files) == Loaded(inserted=5)
    assert await seeds.load(session, files) == Loaded(unchanged=5)
    assert (await session.scalars(select(LoginEvent.ip_address))).one() == "192.0.2.1"
    assert (await session.scalars(select(OutboxConsumption.subscriber))).one() == "s"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("not toml", "rows.toml"),
        ("auth = 1", "auth must be a table"),
        ("[auth]\nusers = 1", "auth.users must be a list"),
        ("[[auth.people]]\nid = 1", "no table auth.people"),
        (f'[[auth.users]]\nid = "{USER}"\nnick = "x"', "no column nick"),
        ('[[auth.users]]\nemail = "x@y.example"', "lacks its id"),
        ('[[auth.users]]\nid = "x"', "auth.users.id"),
        (f'[[auth.users]]\nid = "{USER}"\nrole = "teacher"', "auth.users.role"),
        (f'[[auth.users]]\nid = "{USER}"\nsuspended_at = 2026-01-01T00:00:00', "lacks its offset"),
        (f'[[learning.courses]]\nid = "{USER}"\nprice_minor = true', "learning.courses.price_minor"),
        (f'[[learning.courses]]\nid = "{USER}"\ntags = "x"', "learning.courses.tags"),
    ],
)
async def test_a_file_that_does_not_fit_says_why_and_writes_nothing(
    session: AsyncSession, tmp_path: Path, content: str, reason: str
) -> None:
    good = _file(tmp_path, USERS, "good.toml")
    with pytest.raises(SeedError, match=reason):
        await seeds.load(session, [good, _file(tmp_path, content)])
    assert (await session.scalars(select(User))).all() == []
