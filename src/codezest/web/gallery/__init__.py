"""Every component and layout with ordinary and extreme content, as static pages for screenshots and accessibility checks.

`python -m codezest.web.gallery OUT` writes them; no route of the product serves them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from codezest.kit.templates import Assets, Templates
from codezest.web.gallery import quiz, samples

PAGES: Final = (
    "components",
    "home",
    "desk",
    "desk_running",
    "desk_files",
    "lesson",
    "quiz",
    "quiz_review",
    "auth",
    "dashboard",
)


def context(*, theme: str | None = None, signed_in: bool = True, direction: str = "ltr") -> dict[str, Any]:
    """What a page gets: the layout's names, and the samples."""
    user = {"display_name": "Ada King-Lovelace", "email": "ada@example.org", "role": "STUDENT", "initials": "AL"}
    return {
        "user": user if signed_in else None,
        "csrf_token": "sample-token",
        "path": "/languages/python",
        "theme": theme,
        "locale": "en" if direction == "ltr" else "ar",
        "dir": direction,
        "flashes": [],
        "program": samples.PROGRAM,
        "program_html": samples.highlighted(samples.PROGRAM),
        "long_word": samples.LONG_WORD,
        "article": samples.ARTICLE,
        "submissions": samples.submissions(),
        "questions": quiz.questions(),
        "reviewed_questions": quiz.reviewed_questions(),
        "steps": samples.steps(),
        "entries": samples.entries(),
        "people": [(f"Learner {n}", n * 7 % 101, n * 13 % 60) for n in range(200)],
    }


def render(page: str, values: Mapping[str, Any], templates: Templates | None = None) -> str:
    """One page of the gallery as HTML; `page` is one of `PAGES`."""
    return (templates or Templates(Assets())).render(f"gallery/{page}.html", values)


def write(target: Path) -> None:
    """Write every page, light, dark and right to left, into the folder `target`."""
    templates = Templates(Assets())
    target.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        signed_in = page not in {"home", "auth"}
        for name, values in {
            page: context(signed_in=signed_in),
            f"{page}-dark": context(theme="dark", signed_in=signed_in),
            f"{page}-rtl": context(theme="light", signed_in=signed_in, direction="rtl"),
        }.items():
            (target / f"{name}.html").write_text(render(page, values, templates), encoding="utf-8")
