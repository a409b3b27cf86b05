"""Letters about an account, and the work of its downloads, its files and its end."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.files import Files
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.mail import Mail, Mailer
from codezest.kit.settings import Settings
from codezest.kit.tokens import new_token, token_hash
from codezest.services.auth import letters_account as letters
from codezest.services.auth import repository, rules
from codezest.services.auth.actions.delete_accounts import delete_accounts
from codezest.services.auth.actions.request_deletion import deletes_at
from codezest.services.auth.jobs.exports import ExportWriter, end_exports
from codezest_db.models.auth import EmailChange, User


def account_jobs(database: Database, settings: Settings, mailer: Mailer) -> list[Job]:
    """The kinds of background work of accounts."""
    post = _AccountPost(database, settings, mailer)
    files = Files.of(settings)
    exports = ExportWriter(database, files)

    async def delete_files(payload: Payload) -> None:
        for key in payload["keys"]:
            await files.delete(key)

    return [
        Job("auth.send_email_change", post.send_email_change),
        Job("auth.send_email_changed", post.send_email_changed),
        Job("auth.send_account_letter", post.send_account_letter),
        Job("auth.export_part", exports.write_part),
        Job("auth.finish_export", exports.finish),
        Job("auth.delete_files", delete_files),
    ]


def account_schedule(database: Database, settings: Settings) -> list[Recurring]:
    """The scheduled work of accounts."""

    async def delete_due() -> None:
        await delete_accounts(database, settings)

    async def end_old() -> None:
        await end_exports(database)

    return [
        Recurring("auth.delete_accounts", "7 * * * *", delete_due),
        Recurring("auth.end_exports", "37 * * * *", end_old),
    ]


class _AccountPost:
    """The handlers of letters."""

    def __init__(self, database: Database, settings: Settings, mailer: Mailer) -> None:
        self._database = database
        self._settings = settings
        self._mailer = mailer

    async def send_email_change(self, payload: Payload) -> None:
        """Send the letter to a new address: to confirm it, or to say that it has an account already."""
        async with self._database.write("auth") as session:
            mail = await self._email_change(session, UUID(payload["change_id"]))
        await self._send(mail)

    async def _email_change(self, session: AsyncSession, change_id: UUID) -> Mail | None:
        change = await session.get(EmailChange, change_id, with_for_update=True)
        user = await _live(session, change.user_id) if change else None
        if change is None or user is None or change.used_at is not None:
            return None
        holder = await repository.user_by_email(session, change.new_email)
        if holder is not None and holder.email_verified_at is not None:
            return letters.email_change_refused(user, change.new_email, f"{self._settings.public_url}/login")
        token = new_token("cze")
        change.token_hash = token_hash(token)
        change.expires_at = now() + rules.EMAIL_CHANGE_LIFETIME
        await session.flush()
        return letters.email_change(user, change.new_email, f"{self._settings.public_url}/change-email?token={token}")

    async def send_email_changed(self, payload: Payload) -> None:
        """Tell the former address, with a link that takes the change back."""
        token = new_token("czu")
        async with self._database.write("auth") as session:
            # Another run renews the token, unless the change was taken back meanwhile.
            change = await session.scalar(
                update(EmailChange)
                .where(
                    EmailChange.id == UUID(payload["change_id"]),
                    EmailChange.old_email.is_not(None),
                    EmailChange.undone_at.is_(None),
                )
                .values(undo_token_hash=token_hash(token), undo_expires_at=now() + rules.EMAIL_UNDO_LIFETIME)
                .returning(EmailChange)
            )
            user = await _live(session, change.user_id) if change else None
            mail = None
            if change is not None and change.old_email is not None and user is not None:
                link = f"{self._settings.public_url}/undo-email-change?token={token}"
                mail = letters.email_changed(user, change.old_email, link)
        await self._send(mail)

    async def send_account_letter(self, payload: Payload) -> None:
        """Tell somebody what happened to their account: `token`, `export` or `deletion`."""
        async with self._database.write("auth") as session:
            user = await _live(session, UUID(payload["user_id"]))
        url = self._settings.public_url
        if user is None:
            return
        if payload["letter"] == "token":
            await self._send(letters.token_created(user, f"{url}/account/tokens"))
        elif payload["letter"] == "export":
            await self._send(letters.export_ready(user, f"{url}/account/data"))
        elif user.deletion_requested_at is not None:
            moment = deletes_at(self._settings, user.deletion_requested_at)
            await self._send(letters.deletion_requested(user, moment, f"{url}/account/data"))

    async def _send(self, mail: Mail | None) -> None:
        if mail is not None:
            await self._mailer.send(mail)


async def _live(session: AsyncSession, user_id: UUID) -> User | None:
    return (await session.scalars(select(User).where(User.id == user_id, User.deleted_at.is_(None)))).one_or_none()
