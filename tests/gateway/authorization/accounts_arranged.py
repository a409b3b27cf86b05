"""What requests about accounts and the platform name."""

from uuid import UUID, uuid4

import asyncpg

from codezest.gateway.administration.browsing import encode_key
from codezest.gateway.app import Application
from codezest.kit import tokens
from codezest.kit.files import Files
from codezest_db.ids import uuid7

from .courses_arranged import VERSIONED, give_file
from .world import World


async def give_way_in(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Make a session anew, and what names a way to sign in."""
    if "{session_id}" in path:
        session = uuid7()
        await owner.execute(
            "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')",
            session, world.student.id, tokens.token_hash(str(session)),
        )  # fmt: skip
        world.ids["session_id"] = str(session)
    if "{passkey_id}" in path:
        world.ids["passkey_id"] = str(
            await owner.fetchval(
                """INSERT INTO auth.webauthn_credentials (user_id, credential_id, public_key, name)
                   VALUES ($1, $2, 'x', 'x') RETURNING id""",
                world.student.id, uuid4().bytes,
            )
        )  # fmt: skip
    if "{connection_id}" in path:
        world.ids["connection_id"] = str(uuid7())


async def with_export(owner: asyncpg.Connection, world: World, application: Application) -> str:
    """A download of the student's data that is ready."""
    export, key = uuid7(), f"exports/{uuid4()}/all.zip"
    await Files.of(application.settings).put(key, b"PK")
    await owner.execute(
        """INSERT INTO auth.data_exports (id, user_id, status, file_key, size_bytes, ready_at, expires_at)
           VALUES ($1, $2, 'READY', $3, 2, now(), now() + interval '1 day')""",
        export, world.student.id, key,
    )  # fmt: skip
    return str(export)


async def give_own_things(path: str, world: World, owner: asyncpg.Connection, application: Application) -> None:
    """Give the student what this request names of an account, and administrators what they look after."""
    await give_to_administrators(path, world, owner)
    if "/uploads" in path or path.endswith("/image") or VERSIONED.search(path):
        await give_file(path, world, owner)
    if "{version_id}" in path:
        world.ids["version_id"] = str(
            await owner.fetchval(
                "SELECT id FROM learning.versions WHERE course_id = $1 AND kind = 'COURSE' ORDER BY id DESC LIMIT 1",
                UUID(world.ids["course_id"]),
            )
        )
    if "{token_id}" in path:
        token = uuid7()
        await owner.execute(
            """INSERT INTO auth.api_tokens (id, user_id, name, token_hash, prefix, scopes)
               VALUES ($1, $2, 'My script', $3, 'czt_', '{read}')""",
            token, world.student.id, tokens.token_hash(str(token)),
        )  # fmt: skip
        world.ids["token_id"] = str(token)
    if "{export_id}" in path:
        world.ids["export_id"] = await with_export(owner, world, application)
    if "{handle}" in path:
        handle = f"h{uuid4().hex[:12]}"
        await owner.execute(
            "INSERT INTO auth.user_profiles (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET handle = $2",
            world.student.id, handle,
        )  # fmt: skip
        world.ids["handle"] = handle


async def give_to_administrators(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Make what this request of an administrator names."""
    world.ids |= {"key": "reviews", "schema": "auth", "name": "users"}
    if "{event_id}" in path:
        world.ids["event_id"] = str(uuid7())
        await owner.execute(
            """INSERT INTO ops.outbox (id, topic, payload, given_up_at)
               VALUES ($1, 'nothing.happened', '{}', now())""",
            world.ids["event_id"],
        )
    if "{content_id}" in path:
        world.ids["content_id"] = await world.module()
        await world.made("DELETE", f"/modules/{world.ids['content_id']}")
    if path.endswith("/row"):
        world.ids["name"] = f"users/row?key={encode_key([str(world.student.id)])}#"
