"""Badges: what is worth celebrating once. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codezest.kit.i18n import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Achieved:
    """All that badges are given for."""

    solved: int = 0
    """Exercises passed."""
    solved_at_once: int = 0
    """Exercises passed by the first attempt."""
    perfect_quizzes: int = 0
    """Quizzes answered without a mistake."""
    modules: int = 0
    courses: int = 0
    languages: int = 0
    """Programming languages in which an exercise was passed."""
    longest_streak: int = 0


@dataclass(frozen=True, slots=True)
class Badge:
    key: str
    icon: str
    earned_by: Callable[[Achieved], bool]
    title: Callable[[], str]
    text: Callable[[], str]


BADGES: Sequence[Badge] = (
    Badge(
        "first-exercise", "check", lambda a: a.solved >= 1, lambda: _("First light"), lambda: _("Solved an exercise")
    ),
    Badge(
        "at-once",
        "target",
        lambda a: a.solved_at_once >= 5,
        lambda: _("Straight through"),
        lambda: _("Solved five exercises with the first attempt"),
    ),
    Badge(
        "perfect-quiz",
        "star",
        lambda a: a.perfect_quizzes >= 1,
        lambda: _("Every one right"),
        lambda: _("Answered a whole quiz without a mistake"),
    ),
    Badge(
        "first-module", "book", lambda a: a.modules >= 1, lambda: _("A whole module"), lambda: _("Completed a module")
    ),
    Badge("first-course", "trophy", lambda a: a.courses >= 1, lambda: _("To the end"), lambda: _("Completed a course")),
    Badge(
        "ten-exercises",
        "keyboard",
        lambda a: a.solved >= 10,
        lambda: _("Ten solved"),
        lambda: _("Solved ten exercises"),
    ),
    Badge(
        "fifty-exercises",
        "keyboard",
        lambda a: a.solved >= 50,
        lambda: _("Fifty solved"),
        lambda: _("Solved fifty exercises"),
    ),
    Badge(
        "two-languages",
        "code",
        lambda a: a.languages >= 2,
        lambda: _("Bilingual"),
        lambda: _("Solved exercises in two programming languages"),
    ),
    Badge(
        "three-days",
        "flame",
        lambda a: a.longest_streak >= 3,
        lambda: _("Warming up"),
        lambda: _("Learned on three days in a row"),
    ),
    Badge(
        "seven-days",
        "flame",
        lambda a: a.longest_streak >= 7,
        lambda: _("A full week"),
        lambda: _("Learned on seven days in a row"),
    ),
    Badge(
        "thirty-days",
        "flame",
        lambda a: a.longest_streak >= 30,
        lambda: _("A habit"),
        lambda: _("Learned on thirty days in a row"),
    ),
)


def earned(achieved: Achieved) -> list[str]:
    """Keys of the badges that this is enough for."""
    return [badge.key for badge in BADGES if badge.earned_by(achieved)]
