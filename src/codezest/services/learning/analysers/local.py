"""The analyser that needs nothing but this machine: rules, and what they say taken together."""

from collections.abc import Iterator

from codezest.services.learning.analysers.analyser import (
    LANGUAGES,
    MOST_BYTES,
    Analysis,
    AnalysisUnavailable,
    Evidence,
    Note,
    Program,
    note,
)
from codezest.services.learning.analysers.apart import measured_apart
from codezest.services.learning.analysers.measured import Measured
from codezest.services.learning.analysers.rules import SYNTAX_ERROR, dearest, marks, overall
from codezest_db.enums import AnalysisProvider, Verdict

VERSION = "local-1"
"""Part of the key under which analyses are kept; rises when the rules change what they find."""
MOST_WEAKNESSES = 6
MOST_SUGGESTIONS = 4
MOST_EVIDENCE = 60
LINES_NAMED = 5
"""Of one rule, in one sentence."""
SMALL_FUNCTION = 20
SIMPLE = 5
"""Ways through a function that are easy to keep in mind."""


class LocalAnalyser:
    """See `Analyser`."""

    async def analyse(self, program: Program) -> Analysis:
        """Read the program by rules. Raises AnalysisUnavailable."""
        if program.language not in LANGUAGES:
            raise AnalysisUnavailable("language")
        if program.size > MOST_BYTES:
            raise AnalysisUnavailable("too-large")
        if not any(text.strip() for text in program.files.values()):
            raise AnalysisUnavailable("empty")
        return judge(program, await measured_apart(program))


def judge(program: Program, measured: Measured) -> Analysis:
    """What the findings say of a program; pure."""
    found = [*measured.findings, *_limits(program)]
    if any(one.rule == SYNTAX_ERROR for one in found):
        return _unreadable(found)
    quality = marks(found)
    worst = dearest(found)
    return Analysis(
        provider=AnalysisProvider.LOCAL,
        overall_score=overall(quality),
        code_quality=quality,
        strengths=[*_strengths(program, measured)],
        weaknesses=[_weakness(rule, found) for rule in worst[:MOST_WEAKNESSES]],
        suggestions=[*_suggestions(program, worst)],
        evidence=[one for one in found if one.line > 0][:MOST_EVIDENCE],
        measures={key: value for key, value in measured.measures.items() if value},
        model=VERSION,
    )


def _unreadable(found: list[Evidence]) -> Analysis:
    wrong = [one for one in found if one.rule == SYNTAX_ERROR]
    return Analysis(
        provider=AnalysisProvider.LOCAL,
        overall_score=None,
        code_quality=None,
        strengths=[],
        weaknesses=[_weakness(SYNTAX_ERROR, wrong)],
        suggestions=[note(f"advice:{SYNTAX_ERROR}")],
        evidence=wrong,
        model=VERSION,
    )


def _limits(program: Program) -> Iterator[Evidence]:
    """What the tests say of its efficiency; that stands on no single line."""
    entry = next(iter(program.files))
    if program.verdict is Verdict.TLE:
        yield Evidence(file=entry, line=0, rule="too-slow")
    if program.verdict is Verdict.MLE:
        yield Evidence(file=entry, line=0, rule="too-much-memory")


def _weakness(rule: str, found: list[Evidence]) -> Note:
    lines = sorted({one.line for one in found if one.rule == rule and one.line > 0})
    return note(f"rule:{rule}", lines=lines[:LINES_NAMED], more=max(0, len(lines) - LINES_NAMED))


def _suggestions(program: Program, worst: list[str]) -> Iterator[Note]:
    for rule in worst[:MOST_SUGGESTIONS]:
        yield note(f"advice:{rule}")
    if program.tests and program.tests_passed < program.tests and len(worst) < MOST_SUGGESTIONS:
        yield note("first-failing-test")
    if not worst and program.tests_passed == program.tests:
        yield note("compare-solutions")


def _strengths(program: Program, measured: Measured) -> Iterator[Note]:
    if program.tests and program.tests_passed == program.tests:
        yield note("passes-all-tests", tests=program.tests)
    yield from _of_functions(measured)
    yield from _of_style(measured)


def _of_functions(measured: Measured) -> Iterator[Note]:
    counts = measured.measures
    if counts["functions"] > 1 and counts["longest_function"] <= SMALL_FUNCTION:
        yield note("small-functions", functions=counts["functions"], longest=counts["longest_function"])
    if counts["functions"] and counts["documented"] * 2 >= counts["functions"]:
        yield note("documented", documented=counts["documented"], functions=counts["functions"])
    if counts["functions"] and counts["highest_complexity"] <= SIMPLE and not measured.broken(("deep-nesting",)):
        yield note("simple-flow")


def _of_style(measured: Measured) -> Iterator[Note]:
    counts = measured.measures
    unclear = measured.broken(("unclear-name", "naming-style"))
    if counts["names"] > 3 and counts["short_names"] * 4 <= counts["names"] and not unclear:
        yield note("clear-names")
    if measured.builtins:
        yield note("uses-builtins", names=[name for name, _ in measured.builtins.most_common(4)])
    if counts["comprehensions"]:
        yield note("comprehensions")
    if counts["handlers"] and not measured.broken(("empty-catch", "broad-catch")):
        yield note("handles-errors")
    if counts["constants"]:
        yield note("constants", constants=counts["constants"])
    if counts["hints"]:
        yield note("type-hints")
    if counts["modern"] > 1 and not measured.broken(("var-declaration",)):
        yield note("modern-declarations")
