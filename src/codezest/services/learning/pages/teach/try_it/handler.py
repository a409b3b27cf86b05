"""What an assignment's solution and starting program make of its tests: asked for, waited for, and taken over as expected."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.actions.teaching.try_assignment import (
    expect_outputs,
    request_trial,
    withdraw_trial,
)
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.assignment.fields import suggestions
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, read, refusal, sent, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.queries.teaching_assessments import studio_assignment
from codezest.services.learning.queries.trials import latest_trial
from codezest.services.learning.schemas.authored import AuthoredTest
from codezest.services.learning.schemas.authoring_assignments import MEBIBYTE
from codezest.services.learning.schemas.teaching_assessments import StudioAssignment
from codezest.services.learning.schemas.trials import OutputsToExpect, TrialDetail, TriedProgram, TriedTest
from codezest_db.enums import TrialStatus, Verdict

router = page_router()


@router.get("/teach/assignments/{assignment_id}/try")
async def latest(assignment_id: UUID, context: Context) -> HTMLResponse:
    """The caller's latest try. It fills in test by test while it is under way; without scripts by a link."""
    return await _page(context, assignment_id)


@router.post("/teach/assignments/{assignment_id}/try")
async def begin(assignment_id: UUID, context: Context) -> Response:
    """Try what is stored."""
    try:
        async with context.database.write("learning") as session:
            await request_trial(session, context.actor, assignment_id)
    except AppError as error:
        return await _page(context, assignment_id, error=shown_here(error))
    return context.redirect(f"/teach/assignments/{assignment_id}/try")


@router.post("/teach/assignments/{assignment_id}/try/stop")
async def stop(assignment_id: UUID, context: Context) -> Response:
    """Try no longer."""
    async with context.database.write("learning") as session:
        await withdraw_trial(session, context.actor, assignment_id)
    return context.redirect(f"/teach/assignments/{assignment_id}/try", flash=_("Stopped."))


@router.post("/teach/assignments/{assignment_id}/try/expected")
async def take_outputs(assignment_id: UUID, request: Request, context: Context) -> Response:
    """Have the chosen tests expect what the solution printed, and try again."""
    form = await sent(request)
    try:
        chosen = _chosen(form)
        async with context.database.write("learning") as session:
            await expect_outputs(session, context.actor, assignment_id, chosen.positions)
            await request_trial(session, context.actor, assignment_id)
    except (FormRefused, AppError) as error:
        return await _page(context, assignment_id, error=shown_here(error))
    count = len(chosen.positions)
    said = ngettext(
        "%(num)s test expects what the solution gave.", "%(num)s tests expect what the solution gave.", count
    )
    return context.redirect(f"/teach/assignments/{assignment_id}/try", flash=said % {"num": count})


def _chosen(form: Sent) -> OutputsToExpect:
    """Raises: FormRefused: nothing is chosen."""
    places = [int(place) for place in form.many("test") if place.isascii() and place.isdigit()]
    if not places:
        raise FormRefused([(None, _("Choose the tests whose output is right."))])
    return read(OutputsToExpect, {"positions": places})


async def _page(
    context: RequestContext, assignment_id: UUID, *, error: FormRefused | AppError | None = None
) -> HTMLResponse:
    reader = context.database.pool("learning")
    course, stored = await studio_assignment(reader, context.actor, assignment_id, Permission.AUTHOR)
    found = await latest_trial(reader, context.actor, assignment_id)
    waiting = found is not None and found.status in {TrialStatus.PENDING, TrialStatus.RUNNING}
    return context.page(
        "learning/pages/teach/try_it/template.html",
        **frame(course, "content"),
        **(refusal(error) if error else NO_ERRORS),
        assignment=stored,
        trial=found,
        waiting=waiting,
        summary=_summary(found) if found is not None else "",
        good=found is not None and _is_good(found),
        tests=_rows(found, stored, waiting=waiting) if found is not None else [],
        suggested=suggestions(found),
    )


def _rows(found: TrialDetail, stored: StudioAssignment, *, waiting: bool) -> list[dict[str, Any]]:
    """One for each test: how both programs did, of which limits, and what could be expected instead."""
    expected = [test.expected for test in stored.tests]
    longest: Sequence[TriedTest | AuthoredTest] = max(
        (one.tests for one in (found.solution, found.starter) if one is not None), key=len, default=[]
    )
    if waiting and not longest:
        longest = stored.tests
    rows: list[dict[str, Any]] = []
    for place, test in enumerate(longest):
        limits = stored.tests[place] if place < len(stored.tests) else None
        solution, starter = _at(found.solution, place), _at(found.starter, place)
        proposed = solution.proposed if solution and found.current else None
        differs = place < len(expected) and proposed is not None and proposed != expected[place]
        rows.append(
            {
                "name": test.name,
                "most_ms": round(1000 * ((limits and limits.cpu_seconds) or stored.cpu_seconds)),
                "most_mb": round(((limits and limits.memory_bytes) or stored.memory_bytes) / MEBIBYTE),
                "solution": solution,
                "starter": starter,
                "proposed": proposed if differs and solution and solution.verdict is not Verdict.AC else None,
                "unset": place < len(expected) and expected[place] is None and proposed is not None,
            }
        )
    return rows


def _at(program: TriedProgram | None, place: int) -> TriedTest | None:
    return program.tests[place] if program is not None and place < len(program.tests) else None


def _is_good(found: TrialDetail) -> bool:
    return (
        found.solution is not None and bool(found.solution.tests) and found.solution.passed == len(found.solution.tests)
    )


def _summary(found: TrialDetail) -> str:
    """The outcome in a sentence or two."""
    said: list[str] = []
    if found.solution is not None:
        said.append(_solution_text(found.solution))
    elif found.status is TrialStatus.DONE:
        said.append(_("There is no solution yet."))
    if found.starter is not None:
        said.append(_starter_text(found.starter))
    elif found.status is TrialStatus.DONE:
        said.append(_("There is no program to start from."))
    return " ".join(said)


def _solution_text(program: TriedProgram) -> str:
    total = len(program.tests)
    if program.fault:
        return _("A part of the exercise does not work: %(fault)s") % {"fault": program.fault}
    if not total:
        return _("The solution does not compile.")
    if program.passed == total:
        text = ngettext("The solution passes the only test.", "The solution passes all %(num)s tests.", total)
        return text % {"num": total}
    text = ngettext(
        "The solution passes %(passed)s of %(num)s test.", "The solution passes %(passed)s of %(num)s tests.", total
    )
    return text % {"num": total, "passed": program.passed}


def _starter_text(program: TriedProgram) -> str:
    total, failed = len(program.tests), len(program.tests) - program.passed
    if not total:
        return _("The starter does not compile.")
    if not failed:
        return _("The starter passes everything already: there is nothing left to do.")
    return ngettext("The starter fails %(num)s.", "The starter fails %(num)s.", failed) % {"num": failed}
