"""What the forms for feedback on submissions and on attempts have in common."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi.responses import Response

from codezest.kit.context import RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import AnalysisChanged
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, refusal

Refused = FormRefused | AppError
STRANGE = frozenset({401, 403, 404})


async def keep(
    context: RequestContext,
    address: str,
    act: Callable[[], Awaitable[None]],
    again: Callable[[Refused], Awaitable[Response]],
    *,
    approve: bool,
) -> Response:
    """Do it and lead back to the page, or give the page `again` with what is wrong."""
    try:
        await act()
    except (FormRefused, AppError) as error:
        if isinstance(error, AppError) and error.status in STRANGE:
            raise
        return await again(error)
    return context.redirect(address, flash=_("The learner can read it now.") if approve else _("Saved."))


def filled(
    stored: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    revision: int,
    form: Sent | None,
    error: Refused | None,
) -> dict[str, Any]:
    """What the template shows: the values of the form, what somebody else has stored meanwhile, and what is wrong.

    `stored` is what is kept at `revision`. Unless it changed meanwhile, a form goes on with the revision that it was made of.
    """
    values = dict(stored)
    changed = isinstance(error, AnalysisChanged)
    if form is not None:
        values |= form.shown([name for name in stored if name in form.texts])
        typed = form.text("revision")
        if not changed:
            revision = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    differing = [
        (label, stored[name]) for name, label in labels.items() if stored[name].strip() != values[name].strip()
    ]
    return {
        **(refusal(error) if error else NO_ERRORS),
        "values": values,
        "revision": revision,
        "labels": labels,
        "differing": differing if changed else [],
    }
