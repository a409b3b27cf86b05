"""The audit trail: who did what to whom. All of the question stands in the address."""

from datetime import date
from uuid import UUID

from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.days import beginning_of, day_in, end_of
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.pages.admin import words
from codezest.services.auth.pages.admin.audit.details import detail_lines
from codezest.services.auth.pages.admin.routing import address, admin_router
from codezest.services.auth.queries import ids_by_email
from codezest.services.auth.queries.audit import AuditFilter, actions_known, audit_entries
from codezest.services.auth.routes.audit_file import audit_file

router = admin_router()

HOME = "/admin/audit"
TEMPLATE = "auth/pages/admin/audit/template.html"
PAGE_SIZE = 50
NOBODY = UUID(int=0)


@router.get(HOME)
async def show_trail(
    context: Context,
    *,
    actor: str = "",
    action: str = "",
    subject_type: str = "",
    subject: str = "",
    since: str = "",
    until: str = "",
    cursor: str = "",
    format: str = "",  # noqa: A002 - the name of the parameter
) -> Response:
    """The trail, or all that is asked for as a file. What cannot be read finds nothing, and says so."""
    pool = context.database.pool("auth")
    asked = {
        "actor": actor.strip(),
        "action": action,
        "subject_type": subject_type,
        "subject": subject.strip(),
        "since": since,
        "until": until,
    }
    emails = [text for text in (asked["actor"], asked["subject"]) if "@" in text]
    known = await ids_by_email(pool, emails) if emails else {}
    first, last = _day(since), _day(until)
    wanted = AuditFilter(
        actor_user_id=_person(asked["actor"], known),
        action=action[:100],
        subject_type=subject_type[:50],
        subject_id=_person(asked["subject"], known),
        made_from=beginning_of(first) if first else None,
        made_before=end_of(last) if last else None,
    )
    if format == "csv":
        return await audit_file(context, wanted)
    try:
        page = await audit_entries(pool, context.actor, wanted, cursor=cursor or None, limit=PAGE_SIZE)
    except AppError:
        return context.redirect(address(HOME, asked))
    return context.page(
        TEMPLATE,
        entries=page.items,
        asked=asked,
        filtered=any(asked.values()),
        actions=[(name, words.act_text(name)) for name in await actions_known(pool)],
        act_text=words.act_text,
        subjects=words.subjects(),
        details=detail_lines,
        no_name=_("the program"),
        next_page=address(HOME, asked | {"cursor": page.next_cursor}) if page.next_cursor else None,
        file=address(HOME, asked | {"format": "csv"}),
    )


def _person(text: str, known: dict[str, UUID]) -> UUID | None:
    """Whom an id or an address names; nobody's id where it names none."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return known.get(text, NOBODY)


def _day(text: str) -> date | None:
    try:
        return day_in(text)
    except ValueError:
        return None
