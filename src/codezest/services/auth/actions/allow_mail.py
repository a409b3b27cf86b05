"""Bound how much mail strangers can make us send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import tokens
from codezest.kit.clock import now
from codezest.kit.i18n import gettext as _
from codezest.kit.settings import Settings
from codezest.services.auth import repository, rules
from codezest.services.auth.errors import TooManyMails
from codezest.services.auth.rules import Origin

MailKind = Literal["registration", "verification", "reset", "email-change"]


async def allow_mail(
    session: AsyncSession, settings: Settings, kind: MailKind, *, email: str, user_id: UUID | None, origin: Origin
) -> UUID:
    """Record that a letter was asked for; returns the id of the record, under which a job may find the user.

    Requests for unknown addresses are recorded and refused just as others are. The address itself is not kept, only a
    keyed hash of it.

    Raises:
        TooManyMails: the address gets no more letters for a while, or the network may not ask for more.
    """
    key = tokens.sign(settings.signing_key, "mail", email.casefold())
    await repository.serialise(session, f"mail:{key}", origin.network and f"mail-from:{origin.network}")
    moment = now()
    since = moment - rules.MAIL_WINDOW
    wait = _seconds(
        await repository.mails_requested(session, address_key=key, since=since, limit=rules.MAILS_PER_WINDOW),
        rules.MAILS_PER_WINDOW,
    )
    if origin.network is not None:
        limit = rules.MAILS_PER_WINDOW * rules.ADDRESS_FACTOR
        asked = await repository.mails_requested(session, network=origin.network, since=since, limit=limit)
        wait = max(wait, _seconds(asked, limit))
    if wait:
        minutes = -(-wait // 60)
        raise TooManyMails(
            _("Look into your mailbox, the spam folder too, or try again in %(minutes)s min.") % {"minutes": minutes},
            retry_after=wait,
        )
    entry = repository.audit(
        session,
        repository.MAIL_REQUESTED,
        actor_user_id=None,
        subject_id=user_id,
        origin=origin,
        kind=kind,
        address=key,
    )
    await session.flush()
    return entry.id


def _seconds(asked: Sequence[datetime], limit: int) -> int:
    return rules.seconds_locked(asked, limit=limit, window=rules.MAIL_WINDOW, moment=now())
