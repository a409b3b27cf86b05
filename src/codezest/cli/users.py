"""`codezest users`: accounts made by an operator."""

import argparse
import asyncio
import getpass
import sys

from codezest.kit.database import Database
from codezest.kit.errors import AppError
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.auth.actions.create_user import create_user
from codezest_db.enums import Role


async def _create(url: str, arguments: argparse.Namespace, password: str) -> None:
    database = Database(url)
    try:
        async with database.write("auth") as session:
            await create_user(
                session,
                email=arguments.email,
                password=password,
                first_name=arguments.first_name,
                last_name=arguments.last_name,
                role=Role(arguments.role),
            )
    finally:
        await database.close()


def users(settings: Settings, arguments: argparse.Namespace) -> int:
    """Create an account; the password comes from the terminal, or from standard input where there is none."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    with database_for(settings.database_url, settings.data_dir) as url:
        try:
            asyncio.run(_create(url, arguments, password))
        except AppError as error:
            print(error, file=sys.stderr)
            return 1
    print(f"{arguments.email} is {arguments.role}.")
    return 0
