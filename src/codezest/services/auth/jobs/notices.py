"""Letters that tell the owner of an account how it changed, and the clearing up of proofs half given."""

from uuid import UUID

from codezest.kit.database import Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.mail import Mailer
from codezest.kit.settings import Settings
from codezest.services.auth.ways_in import letters
from codezest_db.models.auth import AuditEntry, User

PURGE_CEREMONIES = """
DELETE FROM auth.ceremonies WHERE id IN (SELECT id FROM auth.ceremonies WHERE expires_at < now() LIMIT 1000)
"""


def notice_jobs(database: Database, settings: Settings, mailer: Mailer) -> list[Job]:
    """The kinds of background work this file has."""

    async def send_notice(payload: Payload) -> None:
        """Write to the owner about an audited act."""
        async with database.write("auth") as session:
            entry = await session.get(AuditEntry, UUID(payload["audit_id"]))
            user = await session.get(User, entry.subject_id) if entry is not None and entry.subject_id else None
        if entry is None or user is None or user.deleted_at is not None:
            return
        mail = letters.notice(user, entry.action, settings.public_url)
        if mail is not None:
            await mailer.send(mail)

    return [Job("auth.send_notice", send_notice)]


def ceremony_schedule(database: Database) -> list[Recurring]:
    """The scheduled work this file has."""

    async def purge() -> None:
        await purge_ceremonies(database)

    return [Recurring("auth.purge_ceremonies", "*/10 * * * *", purge)]


async def purge_ceremonies(database: Database) -> int:
    """Delete what has expired, in batches that hold no lock for long; returns how many rows."""
    pool = (await database.open("auth")).pool("auth")
    deleted = 0
    while (gone := int((await pool.execute(PURGE_CEREMONIES)).split()[-1])) > 0:
        deleted += gone
    return deleted
