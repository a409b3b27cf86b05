"""Sequences are aligned rightly whatever the budget, and hostile ones are done with."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codezest.kit.alignment import Aligner

texts = st.text(alphabet="abcdefgh", max_size=16)


@given(texts, texts, st.sampled_from([0, 300, 1_000, 5_000_000]))
def test_the_steps_make_one_of_the_other(before: str, after: str, budget: int) -> None:
    steps = list(Aligner(budget).opcodes(before, after))
    assert "".join(before[start:end] for _tag, start, end, _low, _high in steps) == before
    assert "".join(after[low:high] for _tag, _start, _end, low, high in steps) == after
    for tag, start, end, low, high in steps:
        assert (tag == "equal") == (before[start:end] == after[low:high])
        assert (start == end, low == high) == (tag == "insert", tag == "delete")
    assert all((one[0] == "equal") != (other[0] == "equal") for one, other in pairwise(steps))


def test_what_stands_once_holds_a_comparison_that_costs_too_much_together() -> None:
    before = [*"abab" * 300, "here", *"ab" * 300]
    after = ["new", *"ba" * 300, "here", *"bb" * 300, "end"]
    same = [
        before[start:end] for tag, start, end, _low, _high in Aligner(100_000).opcodes(before, after) if tag == "equal"
    ]
    assert any("here" in part for part in same)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["x"] * 4_000, ["x", "y"] * 2_000),
        ([str(place // 2) for place in range(4_000)], [str(place % 2_000) for place in range(4_000)]),
        (["x", "z"] * 2_000, ["y", "x", "z"] * 1_300),
    ],
    ids=["interleaved", "twice", "in threes"],
)
def test_what_repeats_itself_is_done_with(before: Sequence[str], after: Sequence[str]) -> None:
    """`SequenceMatcher` alone would take the better part of an hour for each."""
    assert sum(end - start for _tag, start, end, _low, _high in Aligner().opcodes(before, after)) == len(before)
