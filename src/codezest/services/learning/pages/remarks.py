"""Files line by line, with what was said about their lines."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from codezest.kit import markdown
from codezest.services.learning.rules import grades
from codezest.services.learning.schemas.hand_grading import CommentDetail


def numbered(text: str, language: str | None, remarks: Sequence[CommentDetail]) -> list[dict[str, Any]]:
    """Each line: its number, its markup, and whether a remark is about it."""
    lines = grades.lines_of(text)
    marked = {line for one in remarks for line in range(one.first_line or 1, (one.last_line or 0) + 1)}
    shown = markdown.highlight(text, language).split("\n") if language else [str(escape(line)) for line in lines]
    return [
        # Pygments closes every element before a line's end.
        {"number": number, "markup": Markup(markup), "marked": number in marked}  # noqa: S704 - escaped by it or above
        for number, (_line, markup) in enumerate(zip(lines, shown, strict=False), 1)
    ]


def threads(remarks: Sequence[CommentDetail], everything: Sequence[CommentDetail]) -> dict[int, list[dict[str, Any]]]:
    """Remarks with their answers, by the line below which they stand."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in remarks:
        answers = [other for other in everything if other.parent_id == one.id]
        removable = one.mine and all(answer.mine for answer in answers)
        found.setdefault(one.last_line or 1, []).append({"remark": one, "answers": answers, "removable": removable})
    return found
