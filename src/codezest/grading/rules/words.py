"""What learners are told about rules."""

from collections.abc import Sequence

from codezest.grading.rules.rule import RuleKind, RuleViolation, StaticRule

_NAMES = {
    "array": "an array",
    "assert": "an assertion",
    "async": "asynchronous code",
    "class": "a class",
    "comprehension": "a comprehension",
    "conditional": "a decision (if or switch)",
    "do": "a do loop",
    "enum": "an enumeration",
    "eval": "a way to run text as code",
    "for": "a for loop",
    "function": "a function",
    "global": "a global variable",
    "goto": "goto",
    "if": "an if",
    "interface": "an interface",
    "lambda": "an anonymous function",
    "loop": "a loop",
    "recursion": "recursion (a function that calls itself)",
    "select-all": "`SELECT *`",
    "switch": "a choice among cases",
    "ternary": "a conditional expression",
    "throw": "an exception raised by itself",
    "try": "a try block",
    "while": "a while loop",
}
_FAMILIES = {
    "call": "a call of `{}`",
    "import": "an import of `{}`",
    "literal": "the value `{}`",
    "method": "a call of the method `{}`",
    "name": "the name `{}`",
    "operator": "the operator `{}`",
}


def describe(rule: StaticRule) -> str:
    """What a rule is about, in words."""
    if rule.construct is None:
        return "something that the author of the task looks for"
    family, colon, argument = rule.construct.partition(":")
    if colon:
        return _FAMILIES[family].format(argument.strip())
    return _NAMES.get(rule.construct, f"`{rule.construct}`")


def unmet_message(rule: StaticRule) -> str:
    """A sentence for a rule whose author wrote none."""
    what = describe(rule)
    if rule.kind is RuleKind.REQUIRE:
        times = f" at least {rule.wanted} times" if rule.wanted > 1 else ""
        return f"Your program must contain {what}{times}, and does not."
    if rule.allowed:
        return f"Your program contains {what} more than {rule.allowed} time{'s' if rule.allowed > 1 else ''}."
    return f"Your program contains {what}, which this task does not allow."


def rules_feedback(violations: Sequence[RuleViolation]) -> str:
    """About a program that breaks rules and was therefore not run: plain text, a line for each place."""
    lines = ["Your program does not keep to the rules of this task, so no test was run."]
    several = len({violation.file for violation in violations}) > 1
    for violation in violations:
        if violation.line is None:
            lines.append(violation.message)
            continue
        place = f"{violation.file}, line {violation.line}" if several else f"Line {violation.line}"
        excerpt = f" `{violation.excerpt}`" if violation.excerpt else ""
        lines.append(f"{place}: {violation.message}{excerpt}")
    return "\n".join(lines)
