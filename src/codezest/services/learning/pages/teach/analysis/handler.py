"""Feedback on a program, as one who grades writes, edits and approves it."""

from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from codezest.kit import markdown
from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.analysis.edit_analysis import edit_submission_analysis
from codezest.services.learning.actions.analysis.queue_analysis import request_analysis
from codezest.services.learning.pages.analysis.panel import evidence_of, with_anchors
from codezest.services.learning.pages.teach.analysis.editing import editing_routes, filled
from codezest.services.learning.pages.teach.forms import (
    FormRefused,
    Refused,
    Sent,
    lines_of,
    text_or_none,
    whole_number,
)
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.queries import work
from codezest.services.learning.queries.analysis import submission_standing
from codezest.services.learning.schemas.analysis import SubmissionAnalysisDetail, SubmissionAnalysisEdit
from codezest_db.enums import AnalysisStatus

ASPECTS = ("readability", "efficiency", "best_practices")
LISTS = ("strengths", "weaknesses", "suggestions")


def _given(form: Sent) -> dict[str, Any]:
    """The fields as the API takes them. Raises FormRefused."""
    marks = {name: whole_number(name, form.text(name)) for name in ASPECTS}
    given = [mark for mark in marks.values() if mark is not None]
    if given and len(given) < len(ASPECTS):
        raise FormRefused(
            [(name, _("Give a mark to each, or to none.")) for name, mark in marks.items() if mark is None]
        )
    wrong = [name for name, mark in marks.items() if mark is not None and not 0 <= mark <= 10]
    if wrong:
        raise FormRefused([(name, _("Use a mark from 0 to 10.")) for name in wrong])
    return {
        "overall_score": whole_number("overall_score", form.text("overall_score")),
        "code_quality": marks if given else None,
        "detailed_feedback": text_or_none(form.text("detailed_feedback")),
        "kept_evidence": [int(place) for place in form.many("keep") if place.isascii() and place.isdigit()],
        **{name: lines_of(form.text(name)) for name in LISTS},
    }


def _values(found: SubmissionAnalysisDetail | None) -> dict[str, str]:
    """What stands in the form at first."""
    if found is None:
        return dict.fromkeys(("overall_score", "detailed_feedback", *ASPECTS, *LISTS), "")
    quality = found.code_quality
    return {
        "overall_score": "" if found.overall_score is None else str(found.overall_score),
        "detailed_feedback": found.detailed_feedback or "",
        **{name: str(getattr(quality, name)) if quality else "" for name in ASPECTS},
        **{name: "\n".join(getattr(found, name)) for name in LISTS},
    }


async def _page(
    context: RequestContext, submission_id: UUID, *, form: Sent | None = None, error: Refused | None = None
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_course_of(pool, context.actor, "submission", submission_id, Permission.GRADE)
    submission = await work.submission(pool, context.actor, submission_id)
    found = (await submission_standing(pool, context.actor, submission_id)).analysis
    kept = set(range(len(found.evidence))) if found else set[int]()
    if form is not None:
        kept = {int(place) for place in form.many("keep") if place.isascii() and place.isdigit()}
    files = {entry_of(submission.language): submission.code or "", **dict(sorted(submission.files.items()))}
    evidence = evidence_of(found.evidence, files) if found else []
    told = [{one.line for one in found.evidence if one.file == path} if found else set[int]() for path in files]
    return context.page(
        "learning/pages/teach/analysis/template.html",
        **frame(course, "insights"),
        **filled(_values(found), _labels(), revision=found.revision if found else 0, form=form, error=error),
        submission=submission,
        found=found,
        evidence=[one | {"kept": place in kept} for place, one in enumerate(evidence)],
        programs=[
            (path, with_anchors(_highlighted(text, submission.language), place, told[place]))
            for place, (path, text) in enumerate(files.items())
            if text
        ],
        may_ask=found is None
        or (found.status in {AnalysisStatus.READY, AnalysisStatus.FAILED} and found.analysis_type == "AI"),
        state=state_text(found),
        waits=found is not None and found.status is AnalysisStatus.QUEUED,
        arrived=context.partial,
        fallback=fallback_text(found.review.fallback) if found and found.review and found.review.fallback else None,
    )


router = editing_routes("submission", _page, SubmissionAnalysisEdit, given=_given, store=edit_submission_analysis)


@router.post("/teach/submissions/{submission_id}/analysis/again")
async def again(submission_id: UUID, context: Context) -> Response:
    """Have it analysed, or once more where nobody has edited what is there."""
    async with context.database.write("learning") as session:
        await request_analysis(session, context.actor, submission_id)
    return context.redirect(f"/teach/submissions/{submission_id}/analysis", flash=_("The analysis is on its way."))


def _highlighted(text: str, language: str | None) -> Markup:
    return Markup(markdown.highlight(text, language or "text"))  # noqa: S704 - escaped by Pygments


def _labels() -> dict[str, str]:
    return {
        "overall_score": _("Taken together, in percent"),
        "readability": _("Readability"),
        "efficiency": _("Efficiency"),
        "best_practices": _("Good practice"),
        "strengths": _("What is good"),
        "weaknesses": _("What could be better"),
        "suggestions": _("What to try"),
        "detailed_feedback": _("In more words"),
    }


def state_text(found: SubmissionAnalysisDetail | None) -> str:
    """Where the feedback stands, for those who teach."""
    if found is None:
        return _("There is no feedback yet.")
    match found.status:
        case AnalysisStatus.QUEUED:
            return _("An analysis is on its way. What you save first counts.")
        case AnalysisStatus.FAILED:
            return _("It could not be analysed automatically. Please write something yourself.")
        case AnalysisStatus.APPROVED:
            return _("Approved by %(name)s. The learner reads it.") % {"name": found.approved_by_name or _("somebody")}
        case AnalysisStatus.READY:
            if found.released_at is None:
                return _("The learner does not see it before you approve it.")
            return _("The learner reads it already. Nobody has approved it.")


def fallback_text(reason: str) -> str:
    """Why no model was used, for those who teach; an unknown key says itself."""
    return {
        "budget": _("The budget for language models is used up for today."),
        "budget-of-learner": _("This learner's share of the budget for language models is used up for today."),
        "rate-limit": _("Too many calls of the language model at once."),
        "timeout": _("The language model took too long."),
        "unreachable": _("The language model could not be reached."),
        "refused": _("The language model refused to answer."),
        "invalid": _("The language model's answer was not usable."),
        "cut-off": _("The language model's answer was cut off."),
        "doubtful": _("The language model praised the program far beyond what rules found; its answer was not used."),
        "too-large": _("The program is too large."),
        "too-complex": _("The program is too complex to be read within bounds."),
        "language": _("There are no rules for this language."),
        "empty": _("The program is empty."),
    }.get(reason, reason)
