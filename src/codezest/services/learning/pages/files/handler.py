"""Stored files at signed addresses, and the lasting addresses that lead to those."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from codezest.kit.clock import now
from codezest.kit.context import Context, RequestContext
from codezest.kit.downloads import Served, serve_file
from codezest.kit.errors import NotFound
from codezest.kit.signed_files import PREFIX, SignedFile, opened_address
from codezest.services.learning.pages.files.links import signed_link
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.uploads import seen_upload
from codezest_db.enums import UploadKind

router = page_router()

LEADS_ON_SECONDS = 600
"""How long a browser may follow a lasting address without asking again; less than a signed one lives."""


@router.api_route(
    PREFIX + "/{signature}/{until}/{how}/{folder}/{stored}/{name}", methods=["GET", "HEAD"], name="stored file"
)
async def stored_file(request: Request, context: Context) -> Response:
    """A file, or the range of it that a player asks for. Whoever has the address may have it, until its end."""
    parts = {name: str(value) for name, value in request.path_params.items()}
    moment = now()
    found = opened_address(context.settings.signing_key, parts, moment=moment)
    left = max(1, int((found.until - moment).total_seconds()))
    if context.resources.files.signs:
        return await _from_the_store(context, found, left)
    served = Served(
        media_type=found.media_type,
        filename=found.name,
        inline=found.inline,
        cache=f"private, max-age={left}, immutable",
        framed=found.inline and found.extension == "pdf",
    )
    return await serve_file(
        context.resources.files, found.key, served, asked=request.headers, head=request.method == "HEAD"
    )


@router.api_route("/uploads/{upload_id}", methods=["GET", "HEAD"])
async def upload(
    upload_id: UUID,
    context: Context,
    size: Annotated[Literal["", "small"], Query()] = "",
    save: Annotated[bool, Query()] = False,  # noqa: FBT002 - a parameter of the address
) -> RedirectResponse:
    """On to the file, for whoever may see it: this is the address that texts of a course name."""
    row = await seen_upload(context.database.pool("learning"), context.actor, upload_id)
    small = size == "small" and row.kind is UploadKind.PICTURE
    answer = RedirectResponse(signed_link(context, row, save=save, small=small), 302)
    answer.headers["Cache-Control"] = f"private, max-age={LEADS_ON_SECONDS}"
    return answer


async def _from_the_store(context: RequestContext, found: SignedFile, left: int) -> Response:
    """On to an address of the store's own, which says nothing that the store was not told with the file."""
    if not found.key.startswith(("uploads/", "hand-ins/")):
        raise NotFound
    address = await context.resources.files.signed_address(found.key, lifetime=timedelta(seconds=left))
    answer = RedirectResponse(address, 302)
    answer.headers["Cache-Control"] = f"private, max-age={max(0, left - 60)}"
    return answer
