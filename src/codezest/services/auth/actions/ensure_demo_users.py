"""Accounts to try the program with, in development."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.settings import Settings
from codezest.services.auth.actions.create_user import create_user
from codezest_db.enums import Role

DEMO_PASSWORD = "learn-by-doing-42"  # noqa: S105 - public by design; production refuses it
DEMO_USERS = (
    ("student@codezest.example", "Sam", "Student", Role.STUDENT),
    ("instructor@codezest.example", "Iris", "Instructor", Role.INSTRUCTOR),
    ("admin@codezest.example", "Ada", "Admin", Role.ADMIN),
    ("lena@codezest.example", "Lena", "Lindqvist", Role.STUDENT),
    ("omar@codezest.example", "Omar", "Okafor", Role.STUDENT),
    ("mei@codezest.example", "Mei", "Tanaka", Role.STUDENT),
    ("priya@codezest.example", "Priya", "Nair", Role.STUDENT),
    ("jonas@codezest.example", "Jonas", "Weber", Role.STUDENT),
    ("amara@codezest.example", "Amara", "Diallo", Role.STUDENT),
    ("diego@codezest.example", "Diego", "Rivera", Role.STUDENT),
)


class DemoUsersRefused(RuntimeError):
    """Accounts with a public password do not belong into production."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    id: UUID
    email: str
    password: str
    role: Role


async def ensure_demo_users(session: AsyncSession, settings: Settings) -> tuple[DemoUser, ...]:
    """Make the student, the instructor, the administrator and those who learn the sample course, unless they exist.

    Raises:
        DemoUsersRefused: this is production.
    """
    if settings.production:
        raise DemoUsersRefused("Demo accounts are for development; CODEZEST_ENVIRONMENT is production.")
    made: list[DemoUser] = []
    for email, first_name, last_name, role in DEMO_USERS:
        user = await create_user(
            session, email=email, password=DEMO_PASSWORD, first_name=first_name, last_name=last_name, role=role
        )
        made.append(DemoUser(id=user.id, email=email, password=DEMO_PASSWORD, role=role))
    return tuple(made)
