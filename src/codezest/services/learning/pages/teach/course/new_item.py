"""A new lesson, exercise or quiz of which only kind and title are known yet."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.order_content import MODELS
from codezest.services.learning.actions.authoring.write_item import create_assignment, create_material, create_quiz
from codezest.services.learning.actions.teaching.free_item_slug import free_item_slug
from codezest.services.learning.pages.teach.course.things import ThingKind
from codezest.services.learning.pages.teach.forms import read
from codezest.services.learning.rules import slug_of
from codezest.services.learning.schemas.authoring import NewMaterial, NewQuiz
from codezest.services.learning.schemas.authoring_assignments import NewAssignment
from codezest_db.models.learning import Assignment, Material, Quiz

NAMELESS = "step"
"""The address of a title of which nothing can stand in one."""


async def new_item(
    session: AsyncSession, actor: Actor, module_id: UUID, kind: str, title: str
) -> tuple[ThingKind, UUID]:
    """Add it at the end of the module, as a draft. `kind` is one of `offered_types`.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        FormRefused, ValidationFailed: the title or the kind is none.
    """
    what, _colon, variant = kind.partition(":")
    if what not in MODELS:
        raise ValidationFailed.of("type", _("Choose what to add."))
    given = {"title": title.strip(), "slug": await _slug(session, MODELS[what], module_id, title)}
    match what:
        case "MATERIAL":
            new = read(NewMaterial, given | {"type": variant})
            return "MATERIAL", await create_material(session, actor, module_id, new)
        case "ASSIGNMENT":
            made = read(NewAssignment, given | {"kind": variant})
            try:
                return "ASSIGNMENT", await create_assignment(session, actor, module_id, made)
            except ValidationFailed as error:
                if "language" not in error.by_field:
                    raise
                message = _("Say in the settings first which programming language the course is about.")
                raise ValidationFailed.of("type", message) from error
        case _:
            return "QUIZ", await create_quiz(session, actor, module_id, read(NewQuiz, given))


async def _slug(
    session: AsyncSession, model: type[Material] | type[Assignment] | type[Quiz], module_id: UUID, title: str
) -> str:
    """An address of its own, so that two lessons may be called the same."""
    return await free_item_slug(session, model, module_id, slug_of(title) or NAMELESS)
