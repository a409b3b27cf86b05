"""Expected and actual output, aligned."""

from codezest.web.comparison import MAX_LINES, Row, Segment, compare_output


def kinds(expected: str, actual: str) -> list[str]:
    return [row.kind for row in compare_output(expected, actual).rows]


def test_equal_outputs_have_only_equal_rows_whatever_the_last_newline() -> None:
    assert kinds("a\nb\n", "a\nb") == ["same", "same"]


def test_a_differing_space_is_made_visible() -> None:
    assert compare_output("0", "0 ").rows == (
        Row(
            "changed",
            (Segment("0", differs=False),),
            (Segment("0", differs=False), Segment("·", differs=True)),
        ),
    )


def test_lines_that_lack_or_are_too_many_keep_the_rest_aligned() -> None:
    assert kinds("a\nb\nc\n", "a\nc\n") == ["same", "missing", "same"]
    assert kinds("a\n", "a\nb\n") == ["same", "extra"]


def test_no_output_at_all_is_every_line_missing() -> None:
    assert kinds("a\nb\n", "") == ["missing", "missing"]
    assert compare_output("", "").rows == ()


def test_a_form_feed_or_line_separator_starts_no_line() -> None:
    assert kinds("a\fb\u2028c", "a\fb\u2028c") == ["same"]


def test_lines_beyond_the_limit_are_left_out_and_said_so() -> None:
    compared = compare_output("x\n" * (MAX_LINES + 1), "y\n")
    assert compared.truncated
    assert len(compared.rows) == MAX_LINES
