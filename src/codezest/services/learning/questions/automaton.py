"""The machine behind patterns: states that are all followed at once, so that its time is linear in the text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MAX_STATES = 500
"""A counted repetition such as `(ab){50}` is as large as what it stands for."""

Test = Callable[[str], bool]
Fragment = Callable[["Program"], None]


class PatternError(ValueError):
    """The pattern cannot be used; the message says why, for its author."""


@dataclass(slots=True)
class Split:
    first: int
    second: int


class Program:
    """States in a row: a test of one character leads to the next; a split to two; None is the end."""

    def __init__(self) -> None:
        self.states: list[Test | Split | None] = []

    def add(self, state: Test | Split | None) -> int:
        if len(self.states) >= MAX_STATES:
            raise PatternError(f"the pattern is too large: it stands for more than {MAX_STATES} characters and choices")
        self.states.append(state)
        return len(self.states) - 1

    @property
    def end(self) -> int:
        return len(self.states)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is ready to be matched."""

    states: Sequence[Test | Split | None]

    def matches(self, text: str) -> bool:
        """Whether the pattern stands for the whole text. At most `MAX_STATES` steps per character."""
        current = self._reached([0])
        known: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        for character in text:
            step = (current, character)
            found = known.get(step)
            if found is None:
                found = known[step] = self._after(current, character)
            if not found:
                return False
            current = found
        return any(self.states[state] is None for state in current)

    def _after(self, current: frozenset[int], character: str) -> frozenset[int]:
        following: list[int] = []
        for state in current:
            test = self.states[state]
            if callable(test) and test(character):
                following.append(state + 1)
        return self._reached(following)

    def _reached(self, states: list[int]) -> frozenset[int]:
        """These states, and all that splits lead to from them."""
        seen: set[int] = set()
        while states:
            state = states.pop()
            if state in seen:
                continue
            seen.add(state)
            split = self.states[state]
            if isinstance(split, Split):
                states += (split.first, split.second)
        return frozenset(seen)


def one(test: Test) -> Fragment:
    def add(program: Program) -> None:
        program.add(test)

    return add


def all_of(parts: Sequence[Fragment]) -> Fragment:
    def add(program: Program) -> None:
        for part in parts:
            part(program)

    return add


def any_of(branches: Sequence[Fragment]) -> Fragment:
    def add(program: Program) -> None:
        leaps: list[Split] = []
        for branch in branches[:-1]:
            split = Split(program.end + 1, 0)
            program.add(split)
            branch(program)
            leap = Split(0, 0)
            program.add(leap)
            leaps.append(leap)
            split.second = program.end
        branches[-1](program)
        for leap in leaps:
            leap.first = leap.second = program.end

    return add


def repeat(atom: Fragment, low: int, high: int | None) -> Fragment:
    def add(program: Program) -> None:
        for _ in range(low):
            start = program.end
            atom(program)
            if program.end == start:
                return  # it stands for nothing, and so does all repeating of it, however often within one another
        if high is None:
            split = Split(program.end + 1, 0)
            start = program.add(split)
            atom(program)
            program.add(Split(start, start))
            split.second = program.end
            return
        exits: list[Split] = []
        for _ in range(high - low):
            split = Split(program.end + 1, 0)
            program.add(split)
            exits.append(split)
            atom(program)
        for split in exits:
            split.second = program.end

    return add
