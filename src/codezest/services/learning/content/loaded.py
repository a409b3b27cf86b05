"""All that a content folder says."""

from dataclasses import dataclass
from pathlib import Path

from codezest.services.learning.content.model import CourseContent, LanguageContent
from codezest.services.learning.content.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedContent:
    root: Path
    languages: tuple[LanguageContent, ...]
    courses: tuple[CourseContent, ...] = ()
    advice: tuple[Problem, ...] = ()
    """What the trees that exports wrote would do well to have."""

    @property
    def trees(self) -> tuple[LanguageContent | CourseContent, ...]:
        """Whatever has modules."""
        return (*self.languages, *self.courses)

    @property
    def instructor_emails(self) -> frozenset[str]:
        """Who the instructors are, for whoever may look up users."""
        named = [language.path.instructor_email for language in self.languages]
        named += [course.instructor_email for course in self.courses]
        return frozenset(email for email in named if email is not None)
