"""How the platform stands: people, courses, work, the background, and what waits for somebody."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from codezest.gateway.status import Status, grading_state
from codezest.kit.context import Context, RequestContext
from codezest.kit.days import beginning_of, today
from codezest.kit.i18n import gettext as _
from codezest.kit.outbox import COUNTED, backlog
from codezest.services.auth.pages.admin.routing import admin_router
from codezest.services.auth.pages.admin.words import role_text
from codezest.services.auth.queries.users import account_counts
from codezest.services.auth.schemas.administration import AccountCounts
from codezest.services.learning.queries.administration import learning_counts
from codezest.services.learning.schemas.administration import LearningCounts
from codezest_db.enums import PublicationStatus, Role

routes = APIRouter()
pages = admin_router()


class BackgroundCounts(BaseModel):
    """Work that is not done; each number is told up to ten thousand."""

    model_config = ConfigDict(frozen=True)

    waiting_events: int
    given_up_events: int
    failed_jobs: int


class Overview(BaseModel):
    """Numbers that cost the same however large the platform is: those that could grow are counted only so far."""

    model_config = ConfigDict(frozen=True)

    accounts: AccountCounts
    learning: LearningCounts
    background: BackgroundCounts
    grading: Status


async def _overview(context: RequestContext) -> Overview:
    context.actor.require_admin()
    found = await backlog(context.database.pool("ops"))
    return Overview(
        accounts=await account_counts(context.database.pool("auth")),
        learning=await learning_counts(context.database.pool("learning"), since=beginning_of(today())),
        background=BackgroundCounts(
            waiting_events=found.waiting, given_up_events=found.given_up, failed_jobs=found.failed_jobs
        ),
        grading=await grading_state(context),
    )


@routes.get("/overview")
async def read_overview(context: Context) -> Overview:
    """How the platform stands. Days are those of the caller's time zone. Administrators only."""
    return await _overview(context)


@pages.get("/admin")
async def show_overview(context: Context) -> Response:
    """The same for people, with what waits for somebody first."""
    found = await _overview(context)
    statuses = {
        PublicationStatus.DRAFT: _("Draft"),
        PublicationStatus.PUBLISHED: _("Published"),
        PublicationStatus.ARCHIVED: _("Archived"),
    }
    return context.page(
        "admin/overview.html",
        found=found,
        waiting=_waiting(found),
        roles=[(role_text(role), found.accounts.roles[role]) for role in Role],
        courses=[(text, found.learning.courses[status]) for status, text in statuses.items()],
        most=COUNTED,
    )


def _waiting(found: Overview) -> list[dict[str, Any]]:
    """What somebody should look at, each with where."""
    learning, accounts, background = found.learning, found.accounts, found.background
    entries = [
        (
            not found.grading.is_grading,
            "bad",
            _("Nothing is graded: no worker that isolates programs is running."),
            "/status",
        ),
        (
            background.given_up_events > 0,
            "bad",
            _("Events that failed too often: %(number)s.") % {"number": background.given_up_events},
            "/admin/events",
        ),
        (
            background.failed_jobs > 0,
            "warn",
            _("Jobs that failed too often: %(number)s.") % {"number": background.failed_jobs},
            "/admin/data/ops/pgqueuer?column=status&match=is&value=failed",
        ),
        (
            learning.pending_enrollments.count > 0,
            "info",
            _("Enrolments that wait for somebody to activate them: %(number)s.")
            % {"number": learning.pending_enrollments.count},
            "/admin/enrollments?pending=1",
        ),
        (
            accounts.failed_exports.count > 0,
            "warn",
            _("Downloads of personal data that failed: %(number)s.") % {"number": accounts.failed_exports.count},
            "/admin/data/auth/data_exports?column=status&match=is&value=FAILED",
        ),
    ]
    return [{"tone": tone, "text": text, "href": href} for holds, tone, text, href in entries if holds]
