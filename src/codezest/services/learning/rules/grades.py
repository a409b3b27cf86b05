"""What a grade given by hand comes to. Pure: no database, no clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from codezest.kit.i18n import gettext as _

TEXT_NAME = "answer.md"
"""What a written answer is called where files have names."""

Criteria = Sequence[Mapping[str, Any]]
"""As `rubrics.criteria` holds them."""
Scores = Mapping[str, Mapping[str, Any]]
"""As `gradings.rubric_scores` holds them."""


def most_points(criterion: Mapping[str, Any]) -> int:
    """What a criterion can give."""
    return max((int(level["points"]) for level in criterion["levels"]), default=0)


def rubric_points(criteria: Criteria) -> int:
    """What all criteria can give together."""
    return sum(most_points(criterion) for criterion in criteria)


def completed_scores(criteria: Criteria, given: Scores) -> dict[str, dict[str, Any]]:
    """The scores as they are kept: a level that was chosen brings its points, unless others were given.

    Raises:
        ValueError: says in the reader's words what does not fit the rubric.
    """
    known = {str(criterion["id"]): criterion for criterion in criteria}
    if set(given) - set(known):
        raise ValueError(_("The rubric has no such criterion."))
    kept: dict[str, dict[str, Any]] = {}
    for key, criterion in known.items():
        score = given.get(key, {})
        level_id, points, note = score.get("level"), score.get("points"), score.get("note") or None
        if level_id is not None:
            level = next((one for one in criterion["levels"] if one["id"] == level_id), None)
            if level is None:
                raise ValueError(_("“%(title)s” has no such level.") % {"title": criterion["title"]})
            points = int(level["points"]) if points is None else points
        if points is not None and not 0 <= points <= most_points(criterion):
            raise ValueError(
                _("“%(title)s” gives at most %(most)s points.")
                % {"title": criterion["title"], "most": most_points(criterion)}
            )
        if points is not None or note:
            kept[key] = {"level": level_id, "points": points, "note": note}
    return kept


def marks_by_rubric(criteria: Criteria, scores: Scores, *, max_marks: int) -> int | None:
    """What the criteria come to, as a share of the marks, rounded half up; None while one of them has no points."""
    most = rubric_points(criteria)
    given = [scores.get(str(criterion["id"]), {}).get("points") for criterion in criteria]
    points = [int(one) for one in given if one is not None]
    if most == 0 or len(points) < len(given):
        return None
    return (2 * sum(points) * max_marks + most) // (2 * most)


def grade_name(scale: Mapping[str, Any], *, marks: int, max_marks: int, passing_score: int) -> str | None:
    """What the course calls a grade, such as B or Pass; None where it only counts points. `passing_score` is in percent."""
    match scale.get("kind"):
        case "PASS_FAIL":
            return "PASS" if is_enough(marks, max_marks, passing_score) else "FAIL"
        case "LETTERS":
            steps = sorted(scale.get("grades", ()), key=lambda step: -step["from_percent"])
            return next((step["name"] for step in steps if is_enough(marks, max_marks, step["from_percent"])), None)
        case _:
            return None


def is_enough(marks: int, max_marks: int, percent: int) -> bool:
    """Whether the marks are at least that share."""
    return marks * 100 >= max_marks * percent


def asked_until(released_at: datetime, *, days: int) -> datetime | None:
    """Until when a grade may be asked about; None where it may not be at all."""
    return released_at + timedelta(days=days) if days else None


def lines_of(text: str) -> list[str]:
    """The lines of a file as comments count them, from 1: what a line feed ends, or the end of the file."""
    lines = text.split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines
