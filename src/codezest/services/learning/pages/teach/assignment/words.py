"""What the choices of an assignment's editor are called."""

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.item_kinds import assignment_text
from codezest_db.enums import AssignmentKind, CheckerKind, GradingMode, GroupPolicy

Choices = list[tuple[str, str]]


def kinds() -> Choices:
    return [(kind.value, assignment_text(kind)) for kind in AssignmentKind]


def modes() -> Choices:
    return [
        (GradingMode.STDIO.value, _("They read input and print")),
        (GradingMode.FUNCTION.value, _("A function is called")),
        (GradingMode.UNIT_TESTS.value, _("Unit tests")),
        (GradingMode.INTERACTIVE.value, _("They talk with another program")),
    ]


def checkers() -> Choices:
    return [
        (CheckerKind.EXACT.value, _("The same text")),
        (CheckerKind.TOKENS.value, _("The same words")),
        (CheckerKind.FLOAT.value, _("Numbers within a tolerance")),
        (CheckerKind.UNORDERED_LINES.value, _("The same lines in any order")),
        (CheckerKind.CUSTOM.value, _("A program of your own")),
    ]


def policies() -> Choices:
    return [
        (GroupPolicy.SUM.value, _("Each test its share")),
        (GroupPolicy.ALL.value, _("All or nothing")),
        (GroupPolicy.MIN.value, _("The lowest share")),
    ]


def rule_kinds() -> Choices:
    return [("REQUIRE", _("Must contain")), ("FORBID", _("Must not contain"))]
