"""`codezest setup`: everything a database needs before the first request."""

import asyncio
import sys

from codezest.cli.content import load_into, print_problems
from codezest.kit.database import Database
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.auth.actions.ensure_demo_users import ensure_demo_users
from codezest.services.learning.content import ContentProblems
from codezest_db import migrate
from codezest_db.errors import MigrationError


async def _fill(settings: Settings, url: str) -> int:
    database = Database(url)
    try:
        if not settings.production:
            async with database.write("auth") as session:
                await ensure_demo_users(session, settings)
        print(f"Content: {await load_into(database, settings.content_dir)}.")
    except ContentProblems as problems:
        print_problems(problems)
        return 1
    finally:
        await database.close()
    return 0


def setup(settings: Settings) -> int:
    """Migrate, create the demo accounts (development only), load the content. Running it again changes nothing."""
    with database_for(settings.database_url, settings.data_dir) as url:
        try:
            migrate.upgrade(url)
        except MigrationError as error:
            print(error, file=sys.stderr)
            return 1
        return asyncio.run(_fill(settings, url))
