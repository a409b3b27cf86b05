"""One account: what is known of it, and what can be done about it."""

from typing import Any
from uuid import UUID

from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.request_deletion import deletes_at
from codezest.services.auth.pages.admin import words
from codezest.services.auth.pages.admin.routing import admin_router
from codezest.services.auth.pages.sessions.device import device_of
from codezest.services.auth.pages.sessions.place import place_of
from codezest.services.auth.queries.audit import AuditFilter, audit_entries
from codezest.services.auth.queries.users import managed_user, sessions_of_user
from codezest.services.auth.ways_in.queries import is_proved, ways_in_of

router = admin_router()

TEMPLATE = "auth/pages/admin/user/template.html"
SESSIONS = 20
ACTS = 10


@router.get("/admin/users/{user_id}")
async def show_user(user_id: UUID, context: Context, cursor: str = "") -> Response:
    """The page."""
    return context.page(TEMPLATE, errors=[], messages={}, values={}, **await shown(context, user_id, cursor))


async def shown(context: RequestContext, user_id: UUID, cursor: str = "") -> dict[str, Any]:
    """What the template needs besides errors.

    Raises:
        UserNotFound: there is no such account.
    """
    pool, actor = context.database.pool("auth"), context.actor
    person = await managed_user(pool, actor, user_id)
    sessions = await sessions_of_user(pool, actor, user_id, cursor=cursor or None, limit=SESSIONS)
    requested = person.deletion_requested_at
    return {
        "person": person,
        "own": user_id == actor.user_id,
        "role": words.role_text(person.role),
        "roles": words.roles(),
        "badges": words.badges(person),
        "deletes_at": deletes_at(context.settings, requested) if requested else None,
        "grace_days": context.settings.deletion_grace_days,
        "ways": await ways_in_of(pool, user_id),
        "sessions": sessions.items,
        "next_page": f"/admin/users/{user_id}?cursor={sessions.next_cursor}" if sessions.next_cursor else None,
        "about": (await audit_entries(pool, actor, AuditFilter(subject_id=user_id), cursor=None, limit=ACTS)).items,
        "done": (await audit_entries(pool, actor, AuditFilter(actor_user_id=user_id), cursor=None, limit=ACTS)).items,
        "act_text": words.act_text,
        "device_of": device_of,
        "place_of": place_of,
        "here": context.client_address,
        "proved": await is_proved(pool, actor.session_id),
        "no_name": _("the program"),
    }
