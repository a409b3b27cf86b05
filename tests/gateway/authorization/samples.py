"""Bodies that more than one request sends a part of."""

from typing import Any

RUBRIC: dict[str, Any] = {
    "title": "Rubric",
    "criteria": [{"title": "Argument", "levels": [{"title": "Clear", "points": 1}]}],
}
OPTIONS: list[dict[str, Any]] = [{"text": "yes", "is_correct": True}, {"text": "no"}]
