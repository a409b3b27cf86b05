"""Background work of the service auth: letters with secrets in them, and the daily clearing up.

A secret is made when its letter is sent, so that none is ever stored: the row keeps the hash, the letter keeps the token. A
job that runs again makes a new token; the one in an earlier letter then no longer works. Nothing stays open while the
letter is on its way.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.mail import Mail, Mailer
from codezest.kit.settings import Settings
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth import letters, repository, rules
from codezest.services.auth.jobs.account import account_jobs, account_schedule
from codezest.services.auth.jobs.notices import ceremony_schedule, notice_jobs
from codezest_db.models.auth import AuditEntry, EmailVerification, PasswordReset, User

PURGE_BATCH = 1000
# What is long over, kept for a while because people ask what happened. Table and condition are ours, never input.
PURGES: Mapping[str, str] = {
    "auth.sessions": "coalesce(revoked_at, expires_at) < now() - interval '30 days'",
    "auth.email_verifications": "expires_at < now() - interval '7 days'",
    "auth.email_changes": "greatest(expires_at, undo_expires_at) < now() - interval '7 days'",
    "auth.api_tokens": "coalesce(revoked_at, expires_at) < now() - interval '30 days'",
    "auth.data_exports": "status <> 'PENDING' AND file_key IS NULL AND created_at < now() - interval '30 days'",
    "auth.password_resets": "expires_at < now() - interval '7 days'",
    "auth.login_events": "created_at < now() - interval '90 days'",
}


def jobs(database: Database, settings: Settings, mailer: Mailer) -> list[Job]:
    """The service's kinds of background work."""
    post = _Post(database, settings, mailer)
    return [
        Job("auth.send_verification", post.send_verification),
        Job("auth.resend_verification", post.resend_verification),
        Job("auth.send_already_registered", post.send_already_registered),
        Job("auth.send_password_reset", post.send_password_reset),
        Job("auth.send_invitation", post.send_invitation),
        *account_jobs(database, settings, mailer),
        *notice_jobs(database, settings, mailer),
    ]


def recurring(database: Database, settings: Settings) -> list[Recurring]:
    """The service's scheduled work."""

    async def purge() -> None:
        await purge_expired(database)

    return [
        Recurring("auth.purge_expired", "17 3 * * *", purge),
        *account_schedule(database, settings),
        *ceremony_schedule(database),
    ]


async def purge_expired(database: Database) -> dict[str, int]:
    """Delete what is long over, in batches that hold no lock for long; returns how many rows by table."""
    pool = (await database.open("auth")).pool("auth")
    deleted = dict.fromkeys(PURGES, 0)
    for table, condition in PURGES.items():
        statement = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {condition} LIMIT {PURGE_BATCH})"  # noqa: S608
        while (gone := int((await pool.execute(statement)).split()[-1])) > 0:
            deleted[table] += gone
    return deleted


class _Post:
    """The handlers of letters."""

    def __init__(self, database: Database, settings: Settings, mailer: Mailer) -> None:
        self._database = database
        self._settings = settings
        self._mailer = mailer

    async def send_verification(self, payload: Payload) -> None:
        """Send the letter of one registration."""
        async with self._database.write("auth") as session:
            mail = await self._verification(session, UUID(payload["verification_id"]))
        await self._send(mail)

    async def resend_verification(self, payload: Payload) -> None:
        """Send the letter of a registration again, its time begun anew; letters sent before keep working.

        Where the address was registered more than once, nobody can tell which password its owner typed: a stranger may
        have been the last. The owner is then asked to choose one, which confirms the address too.
        """
        request_id = UUID(payload["request_id"])
        async with self._database.write("auth") as session:
            user = await _requesting_user(session, request_id)
            if user is None or user.email_verified_at is not None:
                return
            waiting = await repository.waiting_registrations(session, user.id)
        if len(waiting) > 1:
            await self.send_password_reset(payload)
        elif waiting:
            await self._resend(request_id, waiting[0])

    async def _resend(self, request_id: UUID, registration: EmailVerification) -> None:
        async with self._database.write("auth") as session:
            # The request's id makes the row's: another run finds it instead of adding one.
            await session.execute(
                insert(EmailVerification)
                .values(
                    id=request_id,
                    user_id=registration.user_id,
                    token_hash=repository.unsent_token(),
                    expires_at=now() + rules.VERIFICATION_LIFETIME,
                    pending_password_hash=registration.pending_password_hash,
                    pending_first_name=registration.pending_first_name,
                    pending_last_name=registration.pending_last_name,
                )
                .on_conflict_do_nothing(index_elements=["id"])
            )
            mail = await self._verification(session, request_id)
        await self._send(mail)

    async def send_already_registered(self, payload: Payload) -> None:
        """Tell the owner of an account that its address was registered again."""
        async with self._database.write("auth") as session:
            user = await session.get(User, UUID(payload["user_id"]))
        if user is None or user.deleted_at is not None:
            return
        url = self._settings.public_url
        await self._send(letters.already_registered(user, f"{url}/login", f"{url}/forgot-password"))

    async def send_password_reset(self, payload: Payload) -> None:
        """Send a link for a new password if the address asked for has an account in good standing."""
        await self._send_password_letter(UUID(payload["request_id"]), rules.RESET_LIFETIME, letters.password_reset)

    async def send_invitation(self, payload: Payload) -> None:
        """Send whoever an administrator has invited a link with which they choose their password."""
        await self._send_password_letter(UUID(payload["request_id"]), rules.INVITATION_LIFETIME, letters.invitation)

    async def _send_password_letter(
        self, request_id: UUID, lifetime: timedelta, letter: Callable[[User, str], Mail]
    ) -> None:
        async with self._database.write("auth") as session:
            user = await _requesting_user(session, request_id)
            if user is None:
                return
            token = new_token("czr")
            expires_at = now() + lifetime
            request = await session.get_one(AuditEntry, request_id)
            # The request's id makes the row's: another run renews its token, unless it was used meanwhile.
            stored = await session.execute(
                insert(PasswordReset)
                .values(
                    id=request_id,
                    user_id=user.id,
                    token_hash=token_hash(token),
                    expires_at=expires_at,
                    ip_address=request.ip_address,
                )
                .on_conflict_do_update(
                    index_elements=["id"],
                    set_={"token_hash": token_hash(token), "expires_at": expires_at},
                    where=PasswordReset.used_at.is_(None),
                )
                .returning(PasswordReset.id)
            )
            if stored.scalar_one_or_none() is None:
                return
        await self._send(letter(user, f"{self._settings.public_url}/reset-password?token={token}"))

    async def _verification(self, session: AsyncSession, verification_id: UUID) -> Mail | None:
        """Give a registration a fresh token; the letter with it, or None where none is wanted any more."""
        row = await session.get(EmailVerification, verification_id, with_for_update=True)
        if row is None or row.used_at is not None:
            return None
        user = await session.get(User, row.user_id)
        if user is None or user.deleted_at is not None or user.email_verified_at is not None:
            return None
        token = new_token("czv")
        row.token_hash = token_hash(token)
        row.expires_at = now() + rules.VERIFICATION_LIFETIME
        await session.flush()
        return letters.verification(user, f"{self._settings.public_url}/verify-email?token={token}")

    async def _send(self, mail: Mail | None) -> None:
        if mail is not None:
            await self._mailer.send(mail)


async def _requesting_user(session: AsyncSession, request_id: UUID) -> User | None:
    """The live account in good standing whose address a letter was asked for, locked: it moves to no other address meanwhile."""
    subject = select(AuditEntry.subject_id).where(AuditEntry.id == request_id).scalar_subquery()
    found = await session.scalars(
        select(User).where(User.id == subject, User.deleted_at.is_(None), User.suspended_at.is_(None)).with_for_update()
    )
    return found.one_or_none()
