"""How the grades of a course come about: its categories, and where each column counts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.gradebook.change_settings import add_column, change_gradebook, remove_column
from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    read,
    refusal,
    sent,
    shown_here,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.queries.gradebook import gradebook_layout
from codezest.services.learning.schemas.gradebook import GradebookSettingsIn, Layout, NewColumn

router = page_router()
BLANK = 3
"""Rows for new categories."""
SHOWN = 100
"""Columns of one page of the form."""


@router.get("/teach/courses/{course_id}/gradebook/settings")
async def settings(course_id: UUID, context: Context, skip: Annotated[int, Query(ge=0, le=1_000)] = 0) -> HTMLResponse:
    """All of it in one form, a hundred columns at a time."""
    return await _page(context, course_id, skip=skip)


@router.post("/teach/courses/{course_id}/gradebook/settings")
async def change(course_id: UUID, request: Request, context: Context) -> Response:
    """Replace how grades come about."""
    form = await sent(request)
    skip = int(form.text("skip")) if form.text("skip").isdecimal() else 0
    try:
        wanted = read(GradebookSettingsIn, _wanted(form))
        async with context.database.write("learning") as session:
            await change_gradebook(session, context.actor, course_id, wanted)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, skip=skip, form=form, error=shown_here(error))
    address = f"/teach/courses/{course_id}/gradebook/settings"
    return context.redirect(f"{address}?skip={skip}" if skip else address, flash=_("The settings are saved."))


@router.post("/teach/courses/{course_id}/gradebook/columns")
async def new_column(course_id: UUID, request: Request, context: Context) -> Response:
    """Make a column that people fill in."""
    form = await sent(request)
    try:
        new = read(
            NewColumn,
            {
                "title": form.text("title"),
                "max_points": form.text("max_points").strip().replace(",", ".") or 100,
                "category_id": form.text("category_id") or None,
                "visible": "visible" in form.texts,
            },
        )
        async with context.database.write("learning") as session:
            await add_column(session, context.actor, course_id, new)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, added=form, error=shown_here(error))
    return context.redirect(f"/teach/courses/{course_id}/gradebook/settings", flash=_("The column is made."))


@router.post("/teach/courses/{course_id}/gradebook/columns/remove")
async def remove(course_id: UUID, context: Context, column_id: Annotated[UUID, Form()]) -> Response:
    """Take such a column out; its marks are kept."""
    async with context.database.write("learning") as session:
        await remove_column(session, context.actor, course_id, column_id)
    return context.redirect(f"/teach/courses/{course_id}/gradebook/settings", flash=_("The column is removed."))


def _wanted(form: Sent) -> dict[str, Any]:
    categories: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    for number in form.many("row"):
        name = form.text(f"name-{number}").strip()
        if not name:
            continue
        if found := form.text(f"id-{number}"):
            places[found] = len(categories)
        categories.append(
            {
                "id": found or None,
                "name": name,
                "weight": whole_number(f"weight-{number}", form.text(f"weight-{number}")) or 0,
                "drop_lowest": whole_number(f"drop-{number}", form.text(f"drop-{number}")) or 0,
                "takes_assignments": f"assignments-{number}" in form.texts,
                "takes_quizzes": f"quizzes-{number}" in form.texts,
            }
        )
    columns = [
        {
            "id": column,
            "category": places.get(form.text(f"category-{column}")),
            "counts": form.text(f"category-{column}") != "nowhere",
            "visible": f"visible-{column}" in form.texts,
            "extra_percent": whole_number(f"extra-{column}", form.text(f"extra-{column}")),
            "due_at": form.text(f"due-{column}") or None,
        }
        for column in form.many("column")
    ]
    return {
        "counted_attempt": form.text("counted_attempt"),
        "missing_work": form.text("missing_work"),
        "passing_percent": whole_number("passing_percent", form.text("passing_percent")) or 0,
        "categories": categories,
        "columns": columns,
        "revision": whole_number("revision", form.text("revision")),
    }


async def _page(
    context: RequestContext,
    course_id: UUID,
    *,
    skip: int = 0,
    form: Sent | None = None,
    added: Sent | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    course, layout = await gradebook_layout(context.database.pool("learning"), context.actor, course_id)
    total = len(layout.columns)
    here = f"/teach/courses/{course_id}/gradebook/settings"
    return context.page(
        "learning/pages/teach/gradebook_settings/template.html",
        **frame(course, "gradebook"),
        **(refusal(error) if error else NO_ERRORS),
        here=here,
        layout=layout,
        may_change=course.may("AUTHOR"),
        rows=_rows(layout, form),
        columns=_columns(layout, form)[skip : skip + SHOWN],
        values={name: shown_again(value) for name, value in form.texts.items()} if form else _values(layout),
        new=added.shown(("title", "max_points")) if added else {"title": "", "max_points": "100"},
        skip=skip,
        previous=f"{here}?skip={max(skip - SHOWN, 0)}" if skip else None,
        following=f"{here}?skip={skip + SHOWN}" if skip + SHOWN < total else None,
        attempts=[("BEST", _("The best attempt")), ("LAST", _("The last attempt"))],
        policies=[("WHEN_DUE", _("As nothing, once it is due")), ("AT_ONCE", _("As nothing, from the beginning"))],
        homes=[
            ("", _("Where its kind goes")),
            *((str(one.id), one.name) for one in layout.categories),
            ("nowhere", _("It does not count")),
        ],
    )


def _values(layout: Layout) -> dict[str, str]:
    return {
        "counted_attempt": layout.counted_attempt.value,
        "missing_work": layout.missing_work.value,
        "passing_percent": str(layout.passing_percent),
        "revision": str(layout.revision),
    }


def _rows(layout: Layout, form: Sent | None) -> list[dict[str, Any]]:
    """The rows of the form's table of categories: those there are and some blank ones, or what was typed."""
    if form is not None:
        texts = {name: shown_again(value) for name, value in form.texts.items()}
        return [
            {
                **{key: texts.get(f"{key}-{number}", "") for key in ("id", "name", "weight", "drop")},
                "assignments": f"assignments-{number}" in texts,
                "quizzes": f"quizzes-{number}" in texts,
            }
            for number in form.many("row")
        ]
    there: list[dict[str, Any]] = [
        {
            "id": str(one.id),
            "name": one.name,
            "weight": one.weight,
            "drop": one.drop_lowest,
            "assignments": one.takes_assignments,
            "quizzes": one.takes_quizzes,
        }
        for one in layout.categories
    ]
    blank = {"id": "", "name": "", "weight": "", "drop": "", "assignments": False, "quizzes": False}
    return [*there, *(dict(blank) for _row in range(BLANK))]


def _columns(layout: Layout, form: Sent | None) -> list[dict[str, Any]]:
    """The columns with what is chosen for each, or what was typed."""
    found: list[dict[str, Any]] = []
    for one in layout.columns:
        home = str(one.category_id) if one.category_id else ""
        shown: dict[str, Any] = {
            "column": one,
            "home": home if one.counts else "nowhere",
            "visible": one.visible,
            "extra": one.extra_percent or "",
            "due": one.due_at.isoformat() if one.due_at and one.kind == "FILLED" else "",
        }
        if form is not None and f"category-{one.id}" in form.texts:
            shown |= {
                "home": form.text(f"category-{one.id}"),
                "visible": f"visible-{one.id}" in form.texts,
                "extra": shown_again(form.text(f"extra-{one.id}")),
            }
        found.append(shown)
    return found
