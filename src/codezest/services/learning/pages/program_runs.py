"""What came of a question's program as the components of results show it."""

from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.pages.calls import call_text
from codezest.services.learning.schemas.question_runs import ProgramRun
from codezest.web.comparison import compare_output
from codezest.web.explanations import explained
from codezest_db.enums import TrialStatus, Verdict


def shown_run(run: ProgramRun) -> dict[str, Any]:
    """The mapping that the component `program_run` takes: waiting, good, summary, problem, compile_output, tests (see
    `test_list`).
    """
    tests = [_shown_test(index, test.model_dump(), function=run.function) for index, test in enumerate(run.tests)]
    return {
        "waiting": run.is_unfinished,
        "good": run.verdict is Verdict.AC,
        "summary": _summary(run),
        "problem": run.problem,
        "compile_output": run.compile_output,
        "tests": tests,
    }


def _shown_test(index: int, test: dict[str, Any], *, function: str | None) -> dict[str, Any]:
    hidden = not test["visible"]
    shown = test | {
        "index": index,
        "visible": True,
        "message": explained(test["message"]),
        "call": call_text(function, test["arguments"]),
    }
    if hidden:  # whoever reads it here may know it
        shown["kind_of_case"] = _("Hidden from learners")
    if test["verdict"] is Verdict.WA and test["arguments"] is None:
        shown["comparison"] = compare_output(test["expected"], test["stdout"])
    return shown


def _summary(run: ProgramRun) -> str:
    if run.is_unfinished:
        return _("The program is waiting for its turn.") if run.status is TrialStatus.PENDING else _("Running")
    if run.status is TrialStatus.FAILED:
        return run.problem or ""
    if run.verdict is Verdict.CE:
        return _("The program could not start")
    said: list[str] = []
    if run.tests:
        text = ngettext("%(passed)s of %(num)s test passed", "%(passed)s of %(num)s tests passed", len(run.tests))
        said.append(text % {"num": len(run.tests), "passed": run.passed})
    if run.hidden:
        text = ngettext("hidden tests: %(passed)s of %(num)s", "hidden tests: %(passed)s of %(num)s", run.hidden)
        said.append(text % {"num": run.hidden, "passed": run.hidden_passed})
    return ", ".join(said)
