"""Two programs compared line by line."""

from codezest.services.learning.line_diff import AROUND, MAX_LINES, FileDiff, Line, compare_programs


def one(old: str, new: str) -> FileDiff:
    (found,) = compare_programs({"main.py": old}, {"main.py": new})
    return found


def marked(line: Line) -> tuple[list[str], list[str]]:
    """The words that are marked on either side."""
    return [part.text for part in line.old if part.differs], [part.text for part in line.new if part.differs]


def test_equal_programs_have_no_rows_but_one_gap() -> None:
    found = one("a\nb\n", "a\nb\n")
    assert (found.kind, found.added, found.removed) == ("same", 0, 0)
    assert [(line.kind, line.skipped) for line in found.lines] == [("gap", 2)]


def test_changed_words_are_marked() -> None:
    (line,) = one("total = first + 1", "total = second + 1").lines
    assert (line.kind, line.old_number, line.new_number) == ("changed", 1, 1)
    assert marked(line) == (["first"], ["second"])
    assert "".join(part.text for part in line.new) == "total = second + 1"


def test_lines_that_have_nothing_in_common_are_not_marked() -> None:
    (line,) = one("import sys", "x").lines
    assert marked(line) == ([], [])


def test_lines_are_put_in_and_taken_out() -> None:
    found = one("a\nb\nc", "a\nc\nd\n")
    assert [(line.kind, line.old_number, line.new_number) for line in found.lines] == [
        ("same", 1, 1),
        ("removed", 2, None),
        ("same", 3, 2),
        ("added", None, 3),
    ]
    assert (found.added, found.removed) == (1, 1)


def test_long_runs_of_equal_lines_are_left_out() -> None:
    lines = [f"line {number}" for number in range(30)]
    changed = [*lines[:15], "other", *lines[16:]]
    kinds = [(line.kind, line.skipped) for line in one("\n".join(lines), "\n".join(changed)).lines]
    around = [("same", 0)] * AROUND
    assert kinds == [("gap", 15 - AROUND), *around, ("changed", 0), *around, ("gap", 14 - AROUND)]


def test_files_that_come_and_go() -> None:
    found = compare_programs({"main.py": "x", "gone.py": "1\n2"}, {"main.py": "x", "new.py": "1"})
    assert [(file.path, file.kind, file.added, file.removed) for file in found] == [
        ("main.py", "same", 0, 0),
        ("new.py", "added", 1, 0),
        ("gone.py", "removed", 0, 2),
    ]


def test_an_empty_file_is_no_line() -> None:
    assert one("", "a").lines == one("\n", "a").lines
    (found,) = compare_programs({"main.py": ""}, {"main.py": ""})
    assert found.lines == ()


def test_what_is_too_long_is_compared_so_far() -> None:
    found = one("a\n" * (MAX_LINES + 1), "a\n" * MAX_LINES)
    assert found.truncated


def test_a_form_feed_is_no_new_line() -> None:
    (line,) = one("a\x0cb\u2028c", "a\x0cb\u2028d").lines
    assert marked(line) == (["c"], ["d"])
