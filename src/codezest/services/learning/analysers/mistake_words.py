"""What a kind of failure is called, for those who teach."""

from collections.abc import Callable, Mapping
from typing import Any

from codezest.kit.i18n import gettext as _

Parameters = Mapping[str, Any]


def mistake_text(difference: str, parameters: Parameters) -> str:
    """One sentence in the reader's language; an unknown key says itself."""
    sentence = SENTENCES.get(difference)
    return sentence(parameters) if sentence else difference


def _exception(given: Parameters) -> str:
    if not given.get("exception"):
        return _("The program ends with an error.")
    if not given.get("line"):
        return _("The program ends with %(exception)s.") % {"exception": given["exception"]}
    return _("The program ends with %(exception)s, on a line like “%(line)s”.") % {
        "exception": given["exception"],
        "line": given["line"],
    }


def _off_by_one(given: Parameters) -> str:
    match given.get("step"):
        case 1:
            return _("A number is one too large.")
        case -1:
            return _("A number is one too small.")
        case _:
            return _("Numbers are off by one.")


SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
    "decimal-or-whole": lambda _given: _("A whole number is written as a decimal one, or the other way round."),
    "exception": _exception,
    "fewer-lines": lambda _given: _("There are fewer lines than expected, and they differ."),
    "final-newline": lambda _given: _("Only line ends at the very end differ."),
    "hidden-test": lambda _given: _("Only hidden tests fail."),
    "letter-case": lambda _given: _("Only capital and small letters differ."),
    "lines-missing": lambda _given: _("Lines are missing; the others are right."),
    "lines-too-many": lambda _given: _("There are lines too many; the others are right."),
    "more-lines": lambda _given: _("There are more lines than expected, and they differ."),
    "no-output": lambda _given: _("Nothing is printed."),
    "nothing-returned": lambda _given: _("The function returns nothing."),
    "off-by-one": _off_by_one,
    "order-of-lines": lambda _given: _("All lines are there, in another order."),
    "other-number": lambda _given: _("The text is right, a number is not."),
    "other-text": lambda _given: _("Another text is printed."),
    "punctuation": lambda _given: _("Only quotes, brackets or commas differ: the value has another type, or is printed as it is stored."),
    "rounding": lambda _given: _("A number is rounded differently."),
    "sign": lambda _given: _("A number has the wrong sign."),
    "text-around": lambda _given: _("The right text is there, with something before or after it."),
    "verdict-ce": lambda _given: _("The program cannot be compiled."),
    "verdict-mle": lambda _given: _("The program needs too much memory."),
    "verdict-ole": lambda _given: _("The program prints too much."),
    "verdict-tle": lambda _given: _("The program takes too long."),
    "whitespace": lambda _given: _("Only spaces and line breaks differ."),
}  # fmt: skip
"""By the key of the difference."""
