"""Style sheets turn round with the direction of reading: nothing in them says left or right."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "ui" / "src" / "styles"

PHYSICAL = re.compile(
    r"(?:^|[\s;{])(?:"
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius\s*:"
    r"|(?:left|right)\s*:"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b"
    r")"
)


def physical(text: str) -> list[str]:
    """Declarations of a style sheet that name a side of the screen."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return [match.group().strip() for match in PHYSICAL.finditer(bare)]


def test_no_style_names_a_side() -> None:
    sheets = sorted(STYLES.glob("*.css"))
    assert len(sheets) > 15
    found = {sheet.name: physical(sheet.read_text(encoding="utf-8")) for sheet in sheets}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a { margin-left: 1px; }", 1),
        ("a {\n  left: 0;\n  right: 0 }", 2),
        ("a { text-align: right }", 1),
        ("a { border-top-left-radius: 2px; border-right-color: red }", 2),
        ("a { float: left }", 1),
        ("a { margin-inline-start: 1px; inset-inline-end: 0; text-align: start }", 0),
        ("/* left: 0 */ a { background-position: left center }", 0),
    ],
)
def test_a_side_is_found(text: str, count: int) -> None:
    assert len(physical(text)) == count
