"""Grading: from a specification and a source to verdicts. Policy only; `codezest_sandbox` runs the programs."""

from codezest.grading.grade import Grade, TestOutcome
from codezest.grading.grader import Grader
from codezest.grading.languages import UnknownLanguageError
from codezest.grading.sandboxes import LanguageUnavailable, LauncherFailed
from codezest.grading.spec import AuthorProgram, GeneratedInput, GradingLimits, GradingSpec, TestGroup, TestSpec

__all__ = [
    "AuthorProgram",
    "GeneratedInput",
    "Grade",
    "Grader",
    "GradingLimits",
    "GradingSpec",
    "LanguageUnavailable",
    "LauncherFailed",
    "TestGroup",
    "TestOutcome",
    "TestSpec",
    "UnknownLanguageError",
]
