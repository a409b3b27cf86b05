"""Why an output was refused."""

from dataclasses import dataclass

from codezest.grading.display import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """The first difference. `expected` and `actual` are None where there is nothing at that place."""

    place: str
    """`line 3`, `word 7`."""
    expected: str | None
    actual: str | None

    def explain(self, *, reveal: bool) -> str:
        """One sentence for the learner. `reveal`: whether it may quote what was expected."""
        if self.actual is None:
            found = f"Your output ends before {self.place}"
        elif self.expected is None:
            found = f"Your output goes on after it should end, at {self.place}"
        else:
            found = f"Your output differs at {self.place}"
        if not reveal:
            return "Your output is not what this test expects."
        details: list[str] = []
        if self.expected is not None:
            details.append(f"expected “{one_line(self.expected)}”")
        if self.actual is not None:
            details.append(f"got “{one_line(self.actual)}”")
        return f"{found}: {', '.join(details)}."
