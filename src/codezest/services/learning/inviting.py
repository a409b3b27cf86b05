"""Letters to addresses that were enrolled before they had an account, and what happens once they have one."""

from typing import Any
from uuid import UUID

from codezest.events.auth import EmailChanged, EmailVerified
from codezest.kit.database import Database
from codezest.kit.i18n import Reader, choose_locale
from codezest.kit.jobs import Job, Payload, Recurring, enqueue
from codezest.kit.mail import Mail, Mailer
from codezest.kit.outbox import Subscription
from codezest.kit.settings import Settings
from codezest.services.learning.actions.enrolling.enrol_list import SEND_INVITATIONS
from codezest.services.learning.actions.enrolling.invitations import (
    DueLetter,
    claim_letter,
    forget_old_invitations,
    honour_invitations,
    put_back,
)

HONOUR_INVITATIONS = "learning.honour_invitations"
"""The job that enrols somebody wherever their address was invited. Payload: user_id."""
LONGEST_TITLE = 120


def subscriptions(database: Database) -> list[Subscription]:
    """An address that has become somebody's own may have been invited."""

    async def look(event: dict[str, Any]) -> None:
        async with database.write("learning") as session:
            await enqueue(session, HONOUR_INVITATIONS, {"user_id": event["user_id"]})

    return [
        Subscription(topic, f"{topic}.honour_invitations", look) for topic in (EmailVerified.topic, EmailChanged.topic)
    ]


def jobs(database: Database, settings: Settings, mailer: Mailer) -> list[Job]:
    """The letters, and the places that were kept."""

    async def honour(payload: Payload) -> None:
        async with database.write("learning") as session:
            await honour_invitations(session, UUID(payload["user_id"]))

    async def send(_payload: Payload) -> None:
        await send_invitations(database, settings, mailer)

    return [Job(SEND_INVITATIONS, send, in_bulk=True), Job(HONOUR_INVITATIONS, honour)]


def recurring(database: Database) -> list[Recurring]:
    """What nobody answers is forgotten, and a letter that was left unsent is sent."""

    async def forget() -> None:
        async with database.write("learning") as session:
            await forget_old_invitations(session)

    async def send_the_rest() -> None:
        async with database.write("learning") as session:
            await enqueue(session, SEND_INVITATIONS, {}, dedupe_key=SEND_INVITATIONS)

    return [
        Recurring("learning.forget_old_invitations", "41 3 * * *", forget),
        Recurring("learning.send_left_invitations", "23 * * * *", send_the_rest),
    ]


async def send_invitations(database: Database, settings: Settings, mailer: Mailer) -> None:
    """Send every letter that is due, each once. Nothing stays open while one is on its way."""
    while True:
        async with database.write("learning") as session:
            due = await claim_letter(session)
            # Whoever has got an account meanwhile needs no letter to make one.
            if due is not None and due.user_id is not None:
                await honour_invitations(session, due.user_id)
        if due is None:
            return
        if due.user_id is not None or due.course is None:
            continue
        try:
            await mailer.send(invitation(due, due.course, settings.public_url))
        except BaseException:
            async with database.write("learning") as session:
                await put_back(session, due.id)
            raise


def invitation(due: DueLetter, course: str, public_url: str) -> Mail:
    """Tells an address without an account that a place in a course waits for it. The title is all that anybody typed."""
    _ = Reader(choose_locale(due.spoken_language, "")).gettext
    title = " ".join(course.split())[:LONGEST_TITLE]
    paragraphs = (
        _("You are enrolled in a course at CodeZest: %(title)s") % {"title": title},
        _("Register with this very address, and the course is open to you:"),
        f"{public_url}/register",
        _(
            "If you did not expect this, ignore this letter: without an account nothing happens, and no other letter follows."
        ),
    )
    return Mail.of_paragraphs(due.email, _("A course is waiting for you"), *paragraphs)
