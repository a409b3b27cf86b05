"""One's picture."""

from fastapi import APIRouter, Request

from codezest.kit.context import Context
from codezest.services.auth.actions import upload_avatar as uploading
from codezest.services.auth.schemas.account import AvatarOut

router = APIRouter(prefix="/me/avatar", tags=["me"])

PICTURE = {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys(("image/png", "image/jpeg", "image/webp", "image/gif"), PICTURE),
    }
}


@router.put("", openapi_extra=BODY)
async def upload_avatar(request: Request, context: Context) -> AvatarOut:
    """Send a PNG, JPEG, WebP or GIF of at most 5 MB as the body. Its middle is kept as a square, without metadata."""
    context.resources.limiter.hit_costly(str(context.actor.require_user()))
    content = await request.body()
    path = await uploading.upload_avatar(context.database, context.resources.files, context.actor, content)
    return AvatarOut(avatar_url=path)


@router.delete("", status_code=204)
async def remove_avatar(context: Context) -> None:
    """Show initials again."""
    async with context.database.write("auth") as session:
        await uploading.remove_avatar(session, context.actor)
