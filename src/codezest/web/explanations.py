"""What grading has written about a program, in the reader's language.

It is stored in English, as a part of the record that receipts and regrades refer to. Here its sentences are found again by
their form; what has none of these forms (a checker's own words, an exception's message) stays as it is.
"""

import re
from functools import lru_cache

from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _


def said(message: str) -> str:
    """Marks a message for the catalogues, and leaves it as it is."""
    return message


WHOLE = (
    said("The test could not be run. This is our mistake, not yours."),
    said("Your program was stopped after %(seconds)s s of computing."),
    said("Your program was stopped because it did not end within %(seconds)s s."),
    said("Your program wrote a file of more than %(bytes)s bytes."),
    said("The files your program made took more than %(bytes)s bytes, or were too many."),
    said("Your program printed more than %(bytes)s bytes."),
    said("Your program used more than %(size)s MiB of memory."),
    said("Your program needed more memory than this test allows."),
    said("Your program ended with exit status %(status)s; a program that succeeds ends with 0."),
    said("Your program did not answer within %(seconds)s s."),
    said("Your program ended in the middle of the test."),
    said("Your program ended before the function returned."),
    said("Your program defines no function named %(name)s."),
    said("The function did not return what was expected."),
    said("Called with (%(arguments)s), the function returned %(actual)s; expected was %(expected)s."),
    said("Your output is not text in UTF-8."),
    said("Your output is not what this test expects."),
    said("Your output ends before %(place)s: expected “%(expected)s”."),
    said("Your output goes on after it should end, at %(place)s: got “%(actual)s”."),
    said("Your output differs at %(place)s: expected “%(expected)s”, got “%(actual)s”."),
    said("Your answer is right in part."),
    said("Your answer is not right."),
    said("The conversation did not come to its end."),
    said(
        "We could not run your program, and this is our mistake, not yours. Your code is kept. Please submit it again later."
    ),
    said("This exercise has no tests at the moment, so your program could not be graded. Your code is kept."),
    said("Your program is ready to run. There are no tests for it."),
)
"""All of an explanation."""
PLACES = (said("line %(number)s"), said("word %(number)s"), said("the number of lines"))
LAST = (
    said("Your program asked for more input than the test gives. Read only as many lines as there are."),
    said("Check that the lines of each block are indented alike."),
    said("An index is outside its list or text."),
    said("An index is outside its array."),
    said("A key is not in the dictionary."),
    said("Only Python's standard library is available here."),
    said("A name is used before it is given a value, or misspelt."),
    said("Your program tried something that is not allowed here, such as using the network."),
    said("A function calls itself without end. Check the case in which it should stop."),
    said("Your program divides by zero."),
    said("A name is used that does not exist, perhaps before it is declared, or misspelt."),
    said("A value is not of the kind that it is used as; perhaps it is undefined."),
    said("A function may call itself without end, or a length may be negative or huge."),
    said("Check brackets, quotes and commas."),
    said("A variable is used that refers to nothing (null)."),
    said("A text that is no number is read as one."),
    said("Your program was killed."),
    said("Your program aborted itself."),
    said("Your program touched memory that is not there."),
    said("Your program divided a whole number by zero, or overflowed in a division."),
    said("Nothing in your program caught it."),
)
"""The end of an explanation that begins with what the language itself said, or all of it."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@lru_cache
def _forms(messages: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_form(message), message) for message in messages)


def _form(message: str) -> re.Pattern[str]:
    pieces = PLACEHOLDER.split(message)
    pattern = "".join(f"(?P<{piece}>.+?)" if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces))
    return re.compile(pattern, re.DOTALL)


def explained(text: str | None) -> str | None:
    """The explanation in the reader's language, as far as it is known."""
    if not text or READER.get().locale == "en":
        return text
    whole = _translated(text, WHOLE)
    if whole is not None:
        return whole
    last = next((sentence for sentence in LAST if text.endswith(sentence)), None)
    return text if last is None else text.removesuffix(last) + _(last)


def _translated(text: str, messages: tuple[str, ...]) -> str | None:
    for form, message in _forms(messages):
        if found := form.fullmatch(text):
            values = found.groupdict()
            if "place" in values:
                values["place"] = _translated(values["place"], PLACES) or values["place"]
            return _(message) % values if values else _(message)
    return None
