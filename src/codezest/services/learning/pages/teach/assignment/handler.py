"""Where an assignment is written: its task, programs, tests, files, rules and dates, in one form that works without scripts."""

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.grading.languages import languages
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring.write_item import rewrite_assignment
from codezest.services.learning.actions.teaching.try_assignment import request_trial
from codezest.services.learning.errors import ContentChangedElsewhere
from codezest.services.learning.pages.item_kinds import assignment_text
from codezest.services.learning.pages.outline import difficulty_text
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.assignment.fields import (
    GROUPS,
    HINTS,
    RULES,
    field_of,
    given_by,
    labels,
    row_differences,
    rows_of,
    suggestions,
    values_of,
)
from codezest.services.learning.pages.teach.assignment.files import FILES, file_rows, files_in, generators_of, roles
from codezest.services.learning.pages.teach.assignment.tests import TESTS, row_field, test_rows, tests_in
from codezest.services.learning.pages.teach.assignment.tests import labels as test_labels
from codezest.services.learning.pages.teach.assignment.words import checkers, kinds, modes, policies, rule_kinds
from codezest.services.learning.pages.teach.conflict import differing, going_on_from
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Sent,
    keeping,
    read,
    refusal,
    sent,
    shown_here,
    status_in,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.rows import RowKind, Rows, pairs_of
from codezest.services.learning.pages.teach.timed import late_policies
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.queries.teaching_assessments import studio_assignment
from codezest.services.learning.queries.trials import latest_trial
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange, NewTest
from codezest.services.learning.schemas.teaching_assessments import StudioAssignment
from codezest_db.enums import AssignmentKind, Difficulty, PublicationStatus

router = page_router()

KINDS: tuple[RowKind, ...] = (TESTS, FILES, HINTS, RULES, GROUPS)
MOST_FIELDS = 8_000
BOXES = ("separate_processes",)
SUGGESTED = "limits"
"""What the button says that takes over the limits a try suggests."""


@router.get("/teach/assignments/{assignment_id}")
async def assignment(assignment_id: UUID, context: Context) -> HTMLResponse:
    """Two statements. Who may not write sees the same, and cannot change it."""
    return await _page(context, assignment_id)


@router.post("/teach/assignments/{assignment_id}/save")
async def save(assignment_id: UUID, request: Request, context: Context) -> Response:
    """Do what the button says: change rows of the form and show it again, or store all of it."""
    form = await sent(request, most=MOST_FIELDS)
    wanted = form.text("do")
    if wanted and wanted != "try":
        return await _page(context, assignment_id, form=form, wanted=wanted)
    try:
        _course, stored = await studio_assignment(context.database.pool("learning"), context.actor, assignment_id)
        change, tests = _change(form, stored)
        async with context.database.write("learning") as session:
            await rewrite_assignment(session, context.actor, assignment_id, change, tests)
            if wanted == "try":
                await request_trial(session, context.actor, assignment_id)
    except (FormRefused, AppError) as error:
        return await _page(context, assignment_id, form=form, error=_by_row(shown_here(error)))
    if wanted == "try":
        return context.redirect(f"/teach/assignments/{assignment_id}/try")
    return context.redirect(f"/teach/assignments/{assignment_id}", flash=_("Saved."))


def _change(form: Sent, stored: StudioAssignment) -> tuple[AssignmentChange, list[NewTest]]:
    """What the form says. Where it has no tests or files, as of a text to hand in, the stored ones stay."""
    rows = {kind.letter: kind.typed(form) for kind in KINDS}
    given = given_by(form, stored, rows)
    if stored.kind is not AssignmentKind.CODE or "grading_mode" not in form.texts:
        rows["t"] = test_rows(stored.tests)
    else:
        given |= files_in(rows["f"], stored)
    given |= status_in(form)
    mode = str(given.get("grading_mode", stored.grading_mode.value))
    errors: list[tuple[str | None, str]] = []
    tests: list[NewTest] = []
    try:
        tests = tests_in(rows["t"], stored.tests, mode=mode)
    except FormRefused as error:
        errors += error.errors
    try:
        change = read(AssignmentChange, given)
    except FormRefused as error:
        raise FormRefused([*((field_of(name or ""), text) for name, text in error.errors), *errors]) from None
    if errors:
        raise FormRefused(errors)
    return change, tests


def _by_row(error: FormRefused | AppError) -> FormRefused | AppError:
    """A refusal of tests with the names of their fields, such as `t-3-expected`."""
    if not isinstance(error, ValidationFailed) or not error.members.get("errors"):
        return error
    errors: list[tuple[str | None, str]] = []
    for one in error.members["errors"]:
        location = list(one["location"])
        if len(location) == 4 and location[1] == "tests":
            errors.append((f"t-{location[2]}-{row_field(str(location[3]))}", str(one["message"])))
        else:
            errors.append((field_of(str(location[-1])), str(one["message"])))
    return FormRefused(errors)


async def _page(
    context: RequestContext,
    assignment_id: UUID,
    *,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
    wanted: str = "",
) -> HTMLResponse:
    course, stored = await studio_assignment(context.database.pool("learning"), context.actor, assignment_id)
    values = kept = values_of(stored)
    kept_rows: dict[str, Rows] = {**rows_of(stored), "t": test_rows(stored.tests), "f": file_rows(stored)}
    rows, focus = kept_rows, ""
    tried = None
    if stored.kind is AssignmentKind.CODE and course.may(Permission.AUTHOR):
        tried = await latest_trial(context.database.pool("learning"), context.actor, assignment_id)
    suggested = suggestions(tried)
    if form is not None:
        values = form.over(kept) | {name: form.text(name) for name in BOXES}
        if wanted == SUGGESTED:
            values |= suggested
        rows = {}
        for kind in KINDS:
            rows[kind.letter], place = kind.edited(kind.typed(form), wanted)
            focus = f"{kind.letter}-{place}" if place is not None else focus
    shown: dict[str, Any] = refusal(error) if error else dict(NO_ERRORS)
    shown["differing"] = []
    names = labels()
    if isinstance(error, ContentChangedElsewhere):
        shown["differing"] = [
            *differing(kept, values, error, label=lambda name: names.get(name, name)),
            *row_differences(_("Test"), kept_rows["t"], rows["t"]),
            *row_differences(_("File"), kept_rows["f"], rows["f"]),
            *row_differences(_("Hint"), kept_rows["h"], rows["h"]),
            *row_differences(_("Rule"), kept_rows["r"], rows["r"]),
            *row_differences(_("Group"), kept_rows["g"], rows["g"]),
        ]
    return context.page(
        "learning/pages/teach/assignment/template.html",
        **frame(course, "content"),
        **shown,
        **keeping(context, "assignment", assignment_id, typed=form is not None),
        assignment=stored,
        values=values,
        rows=rows,
        pairs_of=pairs_of,
        revision=going_on_from(stored.revision, form, error),
        focus=focus,
        suggested={name: text for name, text in suggested.items() if values[name] != text},
        limits_open=wanted == SUGGESTED,
        labels=names,
        test_labels=test_labels(),
        kind=assignment_text(stored.kind),
        draft=stored.status is PublicationStatus.DRAFT,
        written=prose_or_none(values["instructions"]),
        code=stored.kind is AssignmentKind.CODE,
        entry=entry_of(stored.language),
        languages=[("", _("None")), *((one.key, one.name) for one in languages())],
        difficulties=[(one.value, difficulty_text(one)) for one in Difficulty],
        kinds=kinds(),
        modes=modes(),
        checkers=checkers(),
        policies=policies(),
        rule_kinds=rule_kinds(),
        late_policies=late_policies(),
        file_roles=roles(rows["f"]),
        generators=generators_of(rows["f"]),
        groups=[row["name"] for row in rows["g"] if row["name"].strip()],
        error_rows={name.rpartition("-")[0] for name in shown["messages"]},
    )
