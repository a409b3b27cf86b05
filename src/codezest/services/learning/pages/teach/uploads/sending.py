"""Forms that send one file, with scripts and without."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData, UploadFile

from codezest.kit.context import RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.uploads.accept import ACCEPT, MEGABYTE, formats_text, most_bytes
from codezest.services.learning.actions.uploads.refusals import UploadRefused
from codezest_db.enums import UploadKind


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form, open."""

    form: FormData
    file: UploadFile

    @property
    def name(self) -> str:
        return self.file.filename or ""

    def text(self, field: str) -> str:
        value = self.form.get(field)
        return value if isinstance(value, str) else ""


@asynccontextmanager
async def sent_file(request: Request) -> AsyncGenerator[SentFile]:
    """The one file of a form, closed after.

    Raises:
        UploadRefused: none was chosen.
    """
    form = await request.form(max_files=1, max_fields=10)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise UploadRefused("missing", _("Choose a file first."))
        yield SentFile(form, file)
    finally:
        await form.close()


def by_script(request: Request) -> bool:
    """Whether a script sent the form, and leads on by itself."""
    return "application/json" in request.headers.get("accept", "")


def sent_on(request: Request, context: RequestContext, target: str, *, flash: str) -> Response:
    """On to the page that shows the file."""
    answer = context.redirect(safe_next(target, "/teach"), flash=flash)
    if not by_script(request):
        return answer
    told = JSONResponse({"location": answer.headers["location"]})
    for cookie in answer.headers.getlist("set-cookie"):
        told.headers.append("set-cookie", cookie)
    return told


def refused(error: AppError) -> JSONResponse:
    """What a script is told of a refusal."""
    return JSONResponse(error.problem(), error.status, error.headers, media_type="application/problem+json")


def field_of(context: RequestContext, kind: UploadKind) -> dict[str, Any]:
    """What the form's field says of the files it takes."""
    most = most_bytes(kind, context.settings)
    return {
        "accept": ACCEPT[kind],
        "most_bytes": most,
        "hint": _("%(formats)s At most %(most)s MB.") % {"formats": formats_text(kind), "most": most // MEGABYTE},
    }
