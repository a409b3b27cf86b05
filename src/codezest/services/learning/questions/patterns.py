r"""Regular expressions of authors, matched in time that is linear in the learner's text.

Python's own engine tries one way after the other, so that a pattern such as `(a+)+b` can be made to run for hours by what a
learner types. Here all ways are followed at once (Thompson's construction). What cannot be matched so is refused when the
question is written: back references, look-around, word boundaries.

    literals  .  [a-z] [^…]  \d \w \s and their negations  \. and other escapes  ( ) (?: )  |  * + ? {2} {2,} {2,5}

A pattern stands for the whole text; `^` at its beginning and `$` at its end change nothing.
"""

from functools import lru_cache
from typing import NoReturn

from codezest.services.learning.questions.automaton import (
    Fragment,
    Pattern,
    PatternError,
    Program,
    Test,
    all_of,
    any_of,
    one,
    repeat,
)

MAX_PATTERN = 200
"""Characters of a pattern."""
MAX_REPEAT = 100
MAX_DEPTH = 30
"""Groups within one another."""

_CLASSES: dict[str, Test] = {
    "d": str.isdecimal,
    "w": lambda character: character.isalnum() or character == "_",
    "s": str.isspace,
}
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


@lru_cache(maxsize=1024)
def compile_pattern(source: str, *, ignore_case: bool = False) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: it is no pattern, or uses what cannot be matched in linear time.
    """
    if len(source) > MAX_PATTERN:
        raise PatternError(f"the pattern has {len(source)} characters; {MAX_PATTERN} are the most")
    program = Program()
    _Parser(source, ignore_case=ignore_case).parse()(program)
    program.add(None)
    return Pattern(tuple(program.states))


class _Parser:
    """Recursive descent: each method reads one level and returns what adds it to a program."""

    def __init__(self, source: str, *, ignore_case: bool) -> None:
        self._source = source.removeprefix("^")
        if self._source.endswith("$") and not self._escaped_at(len(self._source) - 1):
            self._source = self._source[:-1]
        self._at = 0
        self._depth = 0
        self._ignore_case = ignore_case

    def parse(self) -> Fragment:
        whole = self._choice()
        if self._at < len(self._source):
            self._refuse("a ) closes nothing: write \\) for the character")
        return whole

    def _escaped_at(self, place: int) -> bool:
        before = self._source[:place]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def _refuse(self, why: str) -> NoReturn:
        raise PatternError(f"at character {self._at + 1}: {why}")

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        self._at += 1
        return character

    def _choice(self) -> Fragment:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else any_of(branches)

    def _sequence(self) -> Fragment:
        parts: list[Fragment] = []
        while (character := self._peek()) and character not in "|)":
            parts.append(self._repeated(self._atom()))
        return all_of(parts)

    def _atom(self) -> Fragment:
        character = self._take()
        match character:
            case "(":
                return self._group()
            case "[":
                return one(self._set())
            case ".":
                return one(lambda given: given != "\n")
            case "\\":
                return one(self._folded(self._escape()))
            case "*" | "+" | "?" | "{":
                self._at -= 1
                self._refuse(f"there is nothing before {character} to repeat: write \\{character} for the character")
            case "^" | "$":
                self._at -= 1
                self._refuse(
                    f"{character} may only stand at an end of the pattern: write \\{character} for the character"
                )
            case _:
                pass
        return one(self._folded(_is(character)))

    def _group(self) -> Fragment:
        if self._peek() == "?":
            if self._source[self._at : self._at + 2] != "?:":
                self._refuse("only plain groups and (?: ) can be used")
            self._at += 2
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(f"groups stand within one another at most {MAX_DEPTH} deep")
        inner = self._choice()
        self._depth -= 1
        if self._take() != ")":
            self._refuse("a ( is never closed")
        return inner

    def _escape(self) -> Test:
        character = self._take()
        if not character:
            self._refuse("a \\ stands at the end")
        if character.lower() in _CLASSES:
            test = _CLASSES[character.lower()]
            return test if character.islower() else _not(test)
        if character in _ESCAPED:
            return _is(_ESCAPED[character])
        if character.isalnum():
            self._at -= 1
            self._refuse(f"\\{character} cannot be used")
        return _is(character)

    def _set(self) -> Test:
        negated = self._peek() == "^"
        self._at += negated
        tests: list[Test] = []
        while self._peek() != "]" or not tests:
            if not self._peek():
                self._refuse("a [ is never closed")
            tests.append(self._range())
        self._at += 1
        found = self._folded(lambda given: any(test(given) for test in tests))
        return _not(found) if negated else found

    def _range(self) -> Test:
        first = self._take()
        if first == "\\":
            escaped = self._peek()
            test = self._escape()
            if escaped.lower() in _CLASSES:
                return test
            first = _ESCAPED.get(escaped, escaped)
        if self._peek() != "-" or self._source[self._at + 1 : self._at + 2] in {"]", ""}:
            return _is(first)
        self._at += 1
        last = self._take()
        if last == "\\":
            last = self._take()
            if last.isalnum() and last not in _ESCAPED:
                self._refuse("a range ends with one character")
            last = _ESCAPED.get(last, last)
        if last < first:
            self._refuse(f"the range {first}-{last} runs backwards")
        return lambda given: first <= given <= last

    def _folded(self, test: Test) -> Test:
        if not self._ignore_case:
            return test
        # What becomes several characters in the other case (ß, ﬁ) is no one character there.
        return lambda given: any(len(one) == 1 and test(one) for one in (given, given.lower(), given.upper()))

    def _repeated(self, atom: Fragment) -> Fragment:
        character = self._peek()
        if character == "{":
            low, high = self._counts()
        elif character and character in "*+?":
            self._at += 1
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[character]
        else:
            return atom
        if self._peek() == "?":  # of a whole text, the shortest match is the longest
            self._at += 1
        following = self._peek()
        if following and following in "*+?{":
            self._refuse("one repetition follows another: put the first in parentheses")
        return repeat(atom, low, high)

    def _counts(self) -> tuple[int, int | None]:
        end = self._source.find("}", self._at)
        inside = self._source[self._at + 1 : end] if end > 0 else ""
        low, comma, high = inside.partition(",")
        if not _is_count(low) or (high and not _is_count(high)):
            self._refuse("write {2}, {2,} or {2,5}, or \\{ for the character")
        least, most = int(low), (int(high) if high else None) if comma else int(low)
        if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
            self._refuse(f"a repetition counts from a number to one that is not smaller, up to {MAX_REPEAT}")
        self._at = end + 1
        return least, most


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MAX_REPEAT))


def _is(character: str) -> Test:
    return lambda given: given == character


def _not(test: Test) -> Test:
    return lambda given: not test(given)
