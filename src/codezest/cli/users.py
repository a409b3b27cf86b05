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
from codezest.services.auth import repository
from codezest.services.auth.actions.administration.delete_user import keep_account
from codezest.services.auth.actions.create_user import OPERATOR, create_user
from codezest.services.auth.actions.manage_user import reinstate, suspend
from codezest.services.auth.actions.two_step.lift_second_step import lift_second_step
from codezest.services.auth.errors import UserNotFound
from codezest_db.enums import Role
from codezest_db.models.auth import User

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
    acts = {"reset-two-step": _reset_two_step, "suspend": _suspend, "restore": _restore}
    act, done = acts.get(arguments.action, _create)(arguments)
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


def _suspend(arguments: argparse.Namespace) -> tuple[Act, str]:
    """Bar an account; the reason is told to its owner."""

    async def act(session: AsyncSession) -> None:
        await suspend(
            session, await _user(session, arguments.email), reason=arguments.reason, suspended_by=None, origin=OPERATOR
        )

    return act, f"{arguments.email} is suspended and logged out everywhere."


def _restore(arguments: argparse.Namespace) -> tuple[Act, str]:
    """Lift a suspension, and take back a deletion that has not happened yet."""

    async def act(session: AsyncSession) -> None:
        user = await _user(session, arguments.email)
        keep_account(session, user, kept_by=None, origin=OPERATOR)
        reinstate(session, user, reinstated_by=None, origin=OPERATOR)

    return act, f"{arguments.email} can log in again."


async def _user(session: AsyncSession, email: str) -> User:
    """The live account of an address, locked.

    Raises:
        UserNotFound: there is none.
    """
    found = await repository.user_by_email(session, email)
    user = await repository.user_for_update(session, found.id) if found is not None else None
    if user is None:
        raise UserNotFound
    return user
