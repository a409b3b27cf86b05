"""People: who has an account, found by what is known of them. All of the question stands in the address."""

from datetime import date
from typing import cast, get_args

from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.days import beginning_of, day_in, end_of
from codezest.services.auth.pages.admin import words
from codezest.services.auth.pages.admin.routing import address, admin_router
from codezest.services.auth.queries.users import UserFilter, users
from codezest.services.auth.schemas.administration import UserState
from codezest_db.enums import Role

router = admin_router()

HOME = "/admin/users"
TEMPLATE = "auth/pages/admin/users/template.html"
PAGE_SIZE = 30


@router.get(HOME)
async def show_users(
    context: Context,
    *,
    q: str = "",
    role: str = "",
    state: str = "",
    since: str = "",
    until: str = "",
    cursor: str = "",
) -> Response:
    """The list. A question that cannot be read asks for everybody: it is a link, and no form to be corrected."""
    first, last = _day(since), _day(until)
    wanted = UserFilter(
        search=q[:100],
        role=Role(role) if role in Role.__members__ else None,
        state=cast("UserState", state) if state in get_args(UserState) else None,
        created_from=beginning_of(first) if first else None,
        created_before=end_of(last) if last else None,
    )
    page = await users(context.database.pool("auth"), context.actor, wanted, cursor=cursor or None, limit=PAGE_SIZE)
    asked = {"q": q, "role": role, "state": state, "since": since, "until": until}
    return context.page(
        TEMPLATE,
        users=page.items,
        asked=asked,
        filtered=any(asked.values()),
        roles=words.roles(),
        states=words.states(),
        badges=words.badges,
        role_text=words.role_text,
        next_page=address(HOME, asked | {"cursor": page.next_cursor}) if page.next_cursor else None,
    )


def _day(text: str) -> date | None:
    try:
        return day_in(text)
    except ValueError:
        return None
