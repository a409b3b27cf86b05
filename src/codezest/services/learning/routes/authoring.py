"""Languages, modules and the order of things, as authors write them. What is in a module: see `authoring_items`."""

from uuid import UUID

from fastapi import APIRouter, Response

from codezest.kit.context import Context
from codezest.services.learning.actions.authoring import order_content, write_language, write_module
from codezest.services.learning.queries import authoring
from codezest.services.learning.routes.answers import json_answer
from codezest.services.learning.schemas.authored import AuthoredLanguage, AuthoredModule
from codezest.services.learning.schemas.authoring import (
    ItemOrder,
    LanguageChange,
    ModuleChange,
    ModuleOrder,
    NewLanguage,
    NewModule,
)

router = APIRouter(tags=["authoring"])


async def _language(context: Context, slug: str, status: int = 200) -> Response:
    body = await authoring.language_json(context.database.pool("learning"), context.actor, slug)
    return json_answer(body, status=status)


async def _module(context: Context, module_id: UUID, status: int = 200) -> Response:
    body = await authoring.module_json(context.database.pool("learning"), context.actor, module_id)
    return json_answer(body, status=status)


@router.post("/languages", response_model=AuthoredLanguage, status_code=201)
async def create_language(context: Context, new: NewLanguage) -> Response:
    """Create a language and its path. Administrators only."""
    async with context.database.write("learning") as session:
        slug = await write_language.create_language(session, context.actor, new)
    return await _language(context, slug, 201)


@router.get("/languages/{slug}/authoring", response_model=AuthoredLanguage)
async def read_language(context: Context, slug: str) -> Response:
    """A language with all its modules and items, drafts included."""
    return await _language(context, slug)


@router.patch("/languages/{slug}", response_model=AuthoredLanguage)
async def change_language(context: Context, slug: str, change: LanguageChange) -> Response:
    """Change what is named; `status` publishes and archives. Administrators only."""
    async with context.database.write("learning") as session:
        slug = await write_language.change_language(session, context.actor, slug, change)
    return await _language(context, slug)


@router.delete("/languages/{slug}", status_code=204)
async def remove_language(context: Context, slug: str) -> None:
    """Remove a language and its path. Administrators only. What learners achieved is kept."""
    async with context.database.write("learning") as session:
        await write_language.remove_language(session, context.actor, slug)


@router.post("/languages/{slug}/modules", response_model=AuthoredModule, status_code=201)
async def create_module(context: Context, slug: str, new: NewModule) -> Response:
    """Add a module at the end."""
    async with context.database.write("learning") as session:
        module_id = await write_module.create_module(session, context.actor, slug, new)
    return await _module(context, module_id, 201)


@router.put("/languages/{slug}/modules/order", response_model=AuthoredLanguage)
async def order_modules(context: Context, slug: str, order: ModuleOrder) -> Response:
    """Put the modules in order: every one, once."""
    async with context.database.write("learning") as session:
        await order_content.order_modules(session, context.actor, slug, order.ids)
    return await _language(context, slug)


@router.get("/modules/{module_id}/authoring", response_model=AuthoredModule)
async def read_module(context: Context, module_id: UUID) -> Response:
    """A module with all its items, drafts included."""
    return await _module(context, module_id)


@router.patch("/modules/{module_id}", response_model=AuthoredModule)
async def change_module(context: Context, module_id: UUID, change: ModuleChange) -> Response:
    """Change what is named; `status` publishes."""
    async with context.database.write("learning") as session:
        await write_module.change_module(session, context.actor, module_id, change)
    return await _module(context, module_id)


@router.delete("/modules/{module_id}", status_code=204)
async def remove_module(context: Context, module_id: UUID) -> None:
    """Remove a module with what it lists."""
    async with context.database.write("learning") as session:
        await write_module.remove_module(session, context.actor, module_id)


@router.put("/modules/{module_id}/order", response_model=AuthoredModule)
async def order_items(context: Context, module_id: UUID, order: ItemOrder) -> Response:
    """Put the items of a module in order: every one, whatever its kind, once."""
    async with context.database.write("learning") as session:
        await order_content.order_items(
            session, context.actor, module_id, [(item.kind, item.id) for item in order.items]
        )
    return await _module(context, module_id)
