"""`codezest setup`: everything a database needs before the first request."""

import asyncio
import sys

from codezest.cli.content import load_into, print_problems
from codezest.kit.actor import Actor
from codezest.kit.database import Database
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.auth.actions.ensure_demo_users import DemoUser, ensure_demo_users
from codezest.services.learning.actions.ensure_demo_course import ensure_demo_course
from codezest.services.learning.content import ContentProblems
from codezest.services.learning.receipts import Signer
from codezest_db import migrate
from codezest_db.errors import MigrationError

DEMO_COURSE = tuple(
    f"{name}@codezest.example" for name in ("instructor", "lena", "omar", "mei", "priya", "jonas", "amara", "diego")
)
"""Who teaches the sample course, and who learns in it."""


def _actor(user: DemoUser) -> Actor:
    return Actor(user_id=user.id, role=user.role, email=user.email)


async def _fill(settings: Settings, url: str) -> int:
    database = Database(url)
    try:
        users: dict[str, Actor] = {}
        if not settings.production:
            async with database.write("auth") as session:
                users = {user.email: _actor(user) for user in await ensure_demo_users(session, settings)}
        print(f"Content: {await load_into(database, settings.content_dir, settings)}.")
        if users:
            async with database.write("learning") as session:
                instructor, *learners = (users[email] for email in DEMO_COURSE)
                await ensure_demo_course(session, instructor, learners, signer=Signer.of(settings))
    except ContentProblems as problems:
        print_problems(problems)
        return 1
    finally:
        await database.close()
    return 0


def setup(settings: Settings) -> int:
    """Migrate, load the content, and in development make the demo accounts and what the sample course shows.

    Running it again changes nothing.
    """
    with database_for(settings.database_url, settings.data_dir) as url:
        try:
            migrate.upgrade(url)
        except MigrationError as error:
            print(error, file=sys.stderr)
            return 1
        return asyncio.run(_fill(settings, url))
