"""Markdown as its readers will see it: a fragment for scripts, a page where there are none."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import PayloadTooLarge
from codezest.services.learning.pages.prose import prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import sent

router = page_router()

LONGEST = 200_000
"""Characters of a text, as many as are stored of one."""
FIELDS = ("content", "description", "transcript", "instructions", "feedback")
"""Those that hold Markdown; the first that the form has is shown."""


@router.post("/teach/preview")
async def preview(request: Request, context: Context, markdown: Annotated[str | None, Form()] = None) -> Response:
    """Nothing is stored."""
    context.actor.require_user()
    form = await sent(request)
    source = (
        form.text("markdown")
        if markdown is not None
        else next((form.text(name) for name in FIELDS if name in form.texts), "")
    )
    if len(source) > LONGEST:
        raise PayloadTooLarge(LONGEST)
    template = "fragment" if context.partial else "template"
    return context.page(f"learning/pages/teach/preview/{template}.html", text=prose(source) if source.strip() else "")
