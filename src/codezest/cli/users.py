"""`codezest users`: accounts made and helped by an operator."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import Database
from codezest.kit.errors import AppError
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings
from codezest.services.auth.actions.create_user import create_user
from codezest.services.auth.actions.two_step.lift_second_step import lift_second_step
from codezest_db.enums import Role

Act = Callable[[AsyncSession], Awaitable[object]]


async def _carry_out(url: str, act: Act) -> None:
    database = Database(url)
    try:
        async with database.write("auth") as session:
            await act(session)
    finally:
        await database.close()


def users(settings: Settings, arguments: argparse.Namespace) -> int:
    """Do what the command names; returns 0, or 1 with the reason on standard error."""
    act, done = _reset_two_step(arguments) if arguments.action == "reset-two-step" else _create(arguments)
    with database_for(settings.database_url, settings.data_dir) as url:
        try:
            asyncio.run(_carry_out(url, act))
        except AppError as error:
            print(f"{error.title}: {error.detail}" if error.detail else error.title, file=sys.stderr)
            return 1
    print(done)
    return 0


def _create(arguments: argparse.Namespace) -> tuple[Act, str]:
    """Make an account; the password comes from the terminal, or from standard input where there is none."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

    async def create(session: AsyncSession) -> None:
        await create_user(
            session,
            email=arguments.email,
            password=password,
            first_name=arguments.first_name,
            last_name=arguments.last_name,
            role=Role(arguments.role),
        )

    return create, f"{arguments.email} is {arguments.role}."


def _reset_two_step(arguments: argparse.Namespace) -> tuple[Act, str]:
    """Turn two-step login off for an account. Who asked is for the operator to make sure of."""

    async def lift(session: AsyncSession) -> None:
        await lift_second_step(session, arguments.email)

    return lift, (
        f"{arguments.email} logs in without a code from now on, is logged out everywhere, and is told so by mail."
    )
