"""Programming languages: made, renamed, put in order, offered or not. What a path teaches is written in the studio."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from codezest.grading.languages import languages as runtimes
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.write_language import (
    change_language,
    create_language,
    remove_language,
)
from codezest.services.learning.errors import SlugTaken
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.frame import status_text
from codezest.services.learning.queries.languages import LanguageRow, every_language
from codezest.services.learning.schemas.authoring import LanguageChange, NewLanguage
from codezest_db.enums import Difficulty, PublicationStatus

router = page_router()

HOME = "/admin/languages"
LIST = "learning/pages/admin/languages/template.html"
FORM = "learning/pages/admin/languages/form.html"
TEXTS = ("name", "slug", "description", "icon", "difficulty", "runtime", "position", "status")


@router.get(HOME)
async def show_languages(context: Context) -> Response:
    """The list in its order."""
    found = await every_language(context.database.pool("learning"), context.actor)
    return context.page(LIST, languages=found, status_text=status_text)


@router.get("/admin/languages/new")
async def show_new(context: Context) -> Response:
    """The empty form."""
    context.actor.require_admin()
    values = {"difficulty": Difficulty.BEGINNER.value, "position": "0", "status": "DRAFT", "is_active": "on"}
    return context.page(FORM, errors=[], messages={}, values=values, language=None, **_choices())


@router.post("/admin/languages/new")
async def create(request: Request, context: Context) -> Response:
    """Make a language and its path."""
    context.actor.require_admin()
    values = await _sent(request)
    try:
        new = _read(NewLanguage, values, {"slug"})
        async with context.database.write("learning") as session:
            await create_language(session, context.actor, new)
    except AppError as error:
        return _refused(context, error, values, None)
    return context.redirect(HOME, flash=_("The language is made."))


@router.get("/admin/languages/{slug}")
async def show_language(slug: str, context: Context) -> Response:
    """The form, filled in."""
    language = await _language(context, slug)
    values = {name: str(getattr(language, name) if getattr(language, name) is not None else "") for name in TEXTS}
    values["is_active"] = "on" if language.is_active else ""
    return context.page(FORM, errors=[], messages={}, values=values, language=language, **_choices())


@router.post("/admin/languages/{slug}")
async def change(slug: str, request: Request, context: Context) -> Response:
    """Store what was entered."""
    language = await _language(context, slug)
    values = await _sent(request)
    try:
        async with context.database.write("learning") as session:
            await change_language(session, context.actor, slug, _read(LanguageChange, values, set()))
    except AppError as error:
        return _refused(context, error, values, language)
    return context.redirect(HOME, flash=_("The language is saved."))


@router.post("/admin/languages/{slug}/delete")
async def remove(slug: str, context: Context) -> Response:
    """Delete a language and its path; both can be restored."""
    async with context.database.write("learning") as session:
        await remove_language(session, context.actor, slug)
    return context.redirect(HOME, flash=_("The language is deleted. You find it among the deleted things."))


async def _language(context: RequestContext, slug: str) -> LanguageRow:
    found = await every_language(context.database.pool("learning"), context.actor)
    language = next((one for one in found if one.slug == slug), None)
    if language is None:
        raise NotFound
    return language


async def _sent(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: str(form.get(name, "")).strip() for name in (*TEXTS, "is_active")}


def _read(model: Any, values: dict[str, str], absent_if_empty: set[str]) -> Any:
    """The form as the API's own type.

    Raises:
        ValidationFailed: it does not fit.
    """
    given: dict[str, Any] = {name: values[name] for name in TEXTS if values[name] or name not in absent_if_empty}
    given["is_active"] = bool(values["is_active"])
    position = values["position"]
    given["position"] = int(position) if position.isascii() and position.isdigit() and len(position) < 7 else -1
    for name in ("description", "icon", "runtime"):
        given[name] = values[name] or None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        words = {
            "name": _("Give a name of at most 200 characters."),
            "slug": _("Use small letters, digits and single hyphens."),
            "position": _("Use a whole number from 0 to 100000."),
            "runtime": _("Choose one of the languages that can be run here."),
        }
        wrong = dict.fromkeys(str(item["loc"][0]) for item in error.errors(include_url=False) if item["loc"])
        raise ValidationFailed(
            errors=[
                {"location": ["body", name], "message": words.get(name, _("This is not acceptable."))} for name in wrong
            ]
        ) from None


def _refused(
    context: RequestContext, error: AppError, values: dict[str, str], language: LanguageRow | None
) -> Response:
    messages: dict[str, str] = {}
    if isinstance(error, ValidationFailed):
        messages = error.by_field
    elif isinstance(error, SlugTaken):
        field = str(error.members.get("field", "slug"))
        messages = {field: _("Another language or course has this already.")}
    named: list[tuple[str | None, str]] = [*messages.items()]
    errors = named or [(None, f"{_(error.title)}. {error.detail}")]
    return context.page(
        FORM, status=error.status, errors=errors, messages=messages, values=values, language=language, **_choices()
    )


def _choices() -> dict[str, Any]:
    levels = {
        Difficulty.BEGINNER: _("Beginner"),
        Difficulty.INTERMEDIATE: _("Intermediate"),
        Difficulty.ADVANCED: _("Advanced"),
    }
    return {
        "levels": [(level.value, text) for level, text in levels.items()],
        "runtimes": [("", _("None: nothing is run")), *((one.key, one.name) for one in runtimes())],
        "statuses": [(one.value, status_text(one)) for one in PublicationStatus],
    }
