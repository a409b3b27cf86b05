"""The background work of imports."""

from uuid import UUID

from codezest.kit.database import Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.settings import Settings
from codezest.services.learning.actions.importing.stage_import import IMPORT, forget_old
from codezest.services.learning.actions.importing.work import work_on


def jobs(database: Database, settings: Settings) -> list[Job]:
    """Checking an import, and taking it over. The pool of `learning` must be open."""

    async def work(payload: Payload) -> None:
        await work_on(database, settings, UUID(payload["import_id"]))

    return [Job(IMPORT, work)]


def recurring(database: Database) -> list[Recurring]:
    """What is cleared away."""

    async def forget() -> None:
        async with database.write("learning") as session:
            await forget_old(session)

    return [Recurring("learning.forget_imports", "37 * * * *", forget)]
