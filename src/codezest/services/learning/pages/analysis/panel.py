"""The feedback on a program or an attempt, as the pages of its learner show it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from markupsafe import Markup

from codezest.kit.context import RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies import Reader
from codezest.services.learning.queries.analysis import AttemptStanding, submission_standing
from codezest.services.learning.schemas.analysis import CodeQuality, EvidenceLine, SubmissionAnalysisDetail
from codezest_db.enums import AnalysisStatus, AnalysisType

FULL = 10


async def feedback_of(
    reader: Reader, context: RequestContext, submission_id: UUID, files: Mapping[str, str]
) -> dict[str, Any]:
    """The values of `analysis/submission.html`. `files` are the program's texts by path, the one it begins with first."""
    standing = await submission_standing(reader, context.actor, submission_id)
    found = standing.analysis
    return {
        "feedback": found,
        "feedback_waits": found is not None and found.status is AnalysisStatus.QUEUED,
        "feedback_arrived": context.partial,
        "feedback_shown": found is not None and found.status in {AnalysisStatus.READY, AnalysisStatus.APPROVED},
        "feedback_marks": marks_of(found.code_quality) if found and found.code_quality else [],
        "feedback_evidence": evidence_of(found.evidence, files) if found else [],
        "feedback_by": author_text(found) if found else None,
        "may_ask_feedback": standing.may_ask,
        "may_say_helpful": standing.mine,
        "may_edit_feedback": standing.may_grade,
    }


def attempt_feedback_of(standing: AttemptStanding) -> dict[str, Any]:
    """The values of `analysis/attempt.html`."""
    return {
        "feedback": standing.analysis,
        "may_ask_feedback": standing.may_ask,
        "may_edit_feedback": standing.may_grade,
    }


def marks_of(quality: CodeQuality) -> list[tuple[str, int]]:
    """Aspects with their marks of ten."""
    return [
        (_("Readability"), quality.readability),
        (_("Efficiency"), quality.efficiency),
        (_("Good practice"), quality.best_practices),
    ]


def author_text(found: SubmissionAnalysisDetail) -> str:
    """Who says it; that a model is no person is said."""
    if found.analysis_type is AnalysisType.MANUAL or (
        found.analysis_type is AnalysisType.HYBRID and found.approved_by_name
    ):
        name = found.approved_by_name or _("somebody who teaches")
        return _("Written by %(name)s.") % {"name": name}
    source = (
        _("Written by a language model; it can be wrong.")
        if found.provider == "ENDPOINT"
        else _("Found by rules that read your program; they can be wrong.")
    )
    if found.approved_by_name:
        return f"{source} {_('Approved by %(name)s.') % {'name': found.approved_by_name}}"
    return source


def evidence_of(evidence: Sequence[EvidenceLine], files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each line with its text and where it stands on the page."""
    places = list(files)
    lines = {path: text.split("\n") for path, text in files.items()}
    shown: list[dict[str, Any]] = []
    for one in evidence:
        known = lines.get(one.file, [])
        there = 0 < one.line <= len(known)
        shown.append(
            {
                "line": one.line,
                "file": one.file if len(files) > 1 else None,
                "message": one.message,
                "why": one.why,
                "source": known[one.line - 1].strip()[:200] if there else "",
                "anchor": anchor(places.index(one.file), one.line) if there else None,
            }
        )
    return shown


def anchor(file: int, line: int) -> str:
    """The id of a line of the program on the page."""
    return f"line-{file + 1}-{line}"


def with_anchors(markup: Markup, file: int, lines: set[int]) -> Markup:
    """Highlighted code in which these lines can be linked to. Each line of it is whole markup by itself."""
    parts = str(markup).split("\n")
    for line in lines:
        if 0 < line <= len(parts):
            parts[line - 1] = f'<span class="told" id="{anchor(file, line)}">{parts[line - 1]}</span>'
    return Markup("\n".join(parts))  # noqa: S704 - markup as it was, and an id of ours
