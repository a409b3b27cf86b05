"""Grading: from a specification and a source to verdicts. Policy only; `codezest_sandbox` runs the programs."""

from codezest.grading.grade import Grade, TestOutcome
from codezest.grading.grader import Grader
from codezest.grading.languages import UnknownLanguageError
from codezest.grading.spec import GradingLimits, GradingSpec, TestSpec

__all__ = ["Grade", "Grader", "GradingLimits", "GradingSpec", "TestOutcome", "TestSpec", "UnknownLanguageError"]
