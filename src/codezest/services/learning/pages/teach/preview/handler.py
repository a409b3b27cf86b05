"""Markdown as its readers will see it: a fragment for scripts, a page where there are none."""

from typing import Annotated

from anyio import to_thread
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
FIELDS = frozenset({"content", "description", "instructions", "text", "feedback"})
"""Those that hold Markdown and have a button that shows it."""


@router.post("/teach/preview")
async def preview(request: Request, context: Context, markdown: Annotated[str | None, Form()] = None) -> Response:
    """Nothing is stored."""
    context.actor.require_user()
    form = await sent(request)
    wanted = form.text("preview_of")
    source = form.text("markdown") if markdown is not None else form.text(wanted) if wanted in FIELDS else ""
    if len(source) > LONGEST:
        raise PayloadTooLarge(LONGEST)
    template = "fragment" if context.partial else "template"
    # Apart from the requests of others: a long text takes a while.
    text = await to_thread.run_sync(prose, source) if source.strip() else ""
    return context.page(f"learning/pages/teach/preview/{template}.html", text=text)
