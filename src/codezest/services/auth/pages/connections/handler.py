"""Accounts elsewhere that sign in as this one."""

from uuid import UUID

from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.identities.link_identity import unlink_identity
from codezest.services.auth.pages.proof.routing import proved_router
from codezest.services.auth.providers import identity_providers
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import ProofNeeded
from codezest.services.auth.ways_in.queries import connections_of

HOME = "/account/connections"

router = proved_router(HOME)

TEMPLATE = "auth/pages/connections/template.html"


@router.get(HOME)
async def show_connections(context: Context) -> Response:
    """What is connected, and what could be."""
    providers = identity_providers(context.settings)
    connections = await connections_of(context.database.pool("auth"), context.actor.require_user())
    connected = {connection.provider for connection in connections}
    return context.page(
        TEMPLATE,
        connections=[(connection, _name(context, connection.provider)) for connection in connections],
        others=[provider for key, provider in providers.items() if key not in connected],
    )


@router.post("/account/connections/{connection_id}/end")
async def disconnect(connection_id: str, context: Context) -> Response:
    """Disconnect one, unless it is the only way in."""
    try:
        wanted = UUID(connection_id)
    except ValueError:
        raise NotFound from None
    try:
        async with context.database.write("auth") as session:
            origin = Origin.of(context.client_address, context.user_agent)
            await unlink_identity(session, context.actor, wanted, origin)
    except ProofNeeded:
        raise
    except AppError as error:
        return context.redirect(HOME, flash=f"{_(error.title)}. {_(error.detail)}", kind="error")
    return context.redirect(HOME, flash=_("The account is disconnected."))


def _name(context: RequestContext, key: str) -> str:
    """What people call the provider; one that is no longer configured has its key only."""
    provider = identity_providers(context.settings).get(key)
    return provider.name if provider else key.title()
