"""The ways into a course, and its learners, for those who teach it; and codes, for learners."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from codezest.kit.context import Context
from codezest.kit.errors import NotFound
from codezest.kit.pagination import Cursor, PageSize
from codezest.services.learning.actions.enrolling.change_learners import change_learners
from codezest.services.learning.actions.enrolling.enrol_list import enrol_list
from codezest.services.learning.actions.enrolling.invitations import withdraw_invitation
from codezest.services.learning.actions.enrolling.write_code import create_code, redeem_code, revoke_code
from codezest.services.learning.actions.enrolling.write_rules import change_rules
from codezest.services.learning.queries import enrolling
from codezest.services.learning.queries.cohorts_and_codes import Wanted, code_of, codes
from codezest.services.learning.queries.learners_csv import first_lines, learners_csv
from codezest.services.learning.schemas.catalog import Enrollment
from codezest.services.learning.schemas.enrolling import (
    CodeOut,
    CodePage,
    CodeToRedeem,
    EnrollmentRules,
    EnrollmentRulesChange,
    InUse,
    InvitationPage,
    LearnerList,
    LearnerPage,
    LearnersChanged,
    LearnersToChange,
    ListOutcome,
    NewCode,
    ProgressRange,
)
from codezest_db.enums import EnrollmentStatus

router = APIRouter(tags=["teaching"])
learning = APIRouter()


@learning.post("/join")
async def join(context: Context, typed: CodeToRedeem) -> Enrollment:
    """Enrol by a code. Whoever is in already uses none of it up; few tries are allowed in a minute."""
    context.resources.limiter.hit_costly(f"code:{context.actor.require_user()}")
    async with context.database.write("learning") as session:
        return Enrollment.model_validate(await redeem_code(session, context.actor, typed.code))


@router.get("/courses/{course_id}/enrolling")
async def read_rules(context: Context, course_id: UUID) -> EnrollmentRules:
    """Who may enrol by themselves, and which courses they have to have completed."""
    return await enrolling.rules(context.database.pool("learning"), context.actor, course_id)


@router.patch("/courses/{course_id}/enrolling")
async def update_rules(context: Context, course_id: UUID, change: EnrollmentRulesChange) -> EnrollmentRules:
    """Change the fields given."""
    async with context.database.write("learning") as session:
        await change_rules(session, context.actor, course_id, change)
    return await enrolling.rules(context.database.pool("learning"), context.actor, course_id)


@router.get("/courses/{course_id}/codes")
async def list_codes(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    course_id: UUID,
    q: Annotated[str, Query(max_length=100, description="Part of the code, of its note or of its cohort's name.")] = "",
    in_use: Annotated[InUse | None, Query(description="Whether it lets somebody in.")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> CodePage:
    """Codes, the newest first, revoked ones too."""
    wanted = Wanted(words=q, in_use=in_use)
    return await codes(context.database.pool("learning"), context.actor, course_id, wanted, cursor=cursor, limit=limit)


@router.post("/courses/{course_id}/codes", status_code=201)
async def make_code(context: Context, course_id: UUID, new: NewCode) -> CodeOut:
    """Make one."""
    async with context.database.write("learning") as session:
        made = await create_code(session, context.actor, course_id, new)
    found = await code_of(context.database.pool("learning"), course_id, made)
    if found is None:
        raise NotFound
    return found


@router.delete("/codes/{code_id}", status_code=204)
async def withdraw_code(context: Context, code_id: UUID) -> None:
    """Revoke it. Whoever came in with it stays."""
    async with context.database.write("learning") as session:
        await revoke_code(session, context.actor, code_id)


@router.get("/courses/{course_id}/learners")
async def list_learners(  # noqa: PLR0917 - each is a parameter of the address
    context: Context,
    course_id: UUID,
    status: Annotated[list[EnrollmentStatus] | None, Query(max_length=5)] = None,
    cohort_id: UUID | None = None,
    without_cohort: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
    progress: ProgressRange | None = None,
    q: Annotated[str, Query(max_length=100, description="Part of the name, or of the address that brought them.")] = "",
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> LearnerPage:
    """Those who have enrolled, the last first."""
    wanted = enrolling.Filter(
        statuses=tuple(status or ()), cohort_id=cohort_id, without_cohort=without_cohort, progress=progress, words=q
    )
    return await enrolling.learners(
        context.database.pool("learning"), context.actor, course_id, wanted, cursor=cursor, limit=limit
    )


@router.post("/courses/{course_id}/learners/change")
async def change(context: Context, course_id: UUID, wanted: LearnersToChange) -> LearnersChanged:
    """Let in, pause, resume, drop, restore or move learners: all of them, or none."""
    async with context.database.write("learning") as session:
        changed = await change_learners(
            session,
            context.actor,
            course_id,
            wanted.change,
            wanted.enrollment_ids,
            cohort_id=wanted.cohort_id,
        )
    return LearnersChanged(changed=changed)


@router.post("/courses/{course_id}/learners/list")
async def enrol_learners(context: Context, course_id: UUID, wanted: LearnerList) -> ListOutcome:
    """Enrol a list of addresses as one set, or only say what that would do."""
    async with context.database.write("learning") as session:
        return await enrol_list(session, context.actor, course_id, wanted)


@router.get("/courses/{course_id}/learners.csv", response_class=StreamingResponse)
async def export_learners(context: Context, course_id: UUID) -> StreamingResponse:
    """All learners as CSV, in UTF-8 with its mark."""
    pool = context.database.pool("learning")
    head = await first_lines(pool, context.actor, course_id)

    async def body() -> AsyncIterator[str]:
        yield head
        async for lines in learners_csv(pool, course_id):
            yield lines

    headers = {"Content-Disposition": 'attachment; filename="learners.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(body(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/courses/{course_id}/invitations")
async def list_invitations(
    context: Context, course_id: UUID, cursor: Cursor = None, limit: PageSize = 50
) -> InvitationPage:
    """Addresses that were enrolled and belong to no account yet, the newest first."""
    return await enrolling.invitations(
        context.database.pool("learning"), context.actor, course_id, cursor=cursor, limit=limit
    )


@router.delete("/invitations/{invitation_id}", status_code=204)
async def withdraw(context: Context, invitation_id: UUID) -> None:
    """Forget an address that has not come."""
    async with context.database.write("learning") as session:
        await withdraw_invitation(session, context.actor, invitation_id)
