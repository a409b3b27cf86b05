"""The parts of the kit that need nothing but themselves."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import ValidationError

from codezest.kit import tokens
from codezest.kit.context import safe_next
from codezest.kit.errors import BadRequest, TooManyRequests
from codezest.kit.i18n import Reader, choose_locale
from codezest.kit.markdown import headings, highlight, render
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.kit.ratelimit import RateLimiter
from codezest.kit.schemas import ApiModel
from codezest.kit.settings import Settings


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("/dashboard", "/dashboard"),
        ("/a?b=c", "/a?b=c"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_only_paths_of_ours_are_followed(given: str | None, taken: str) -> None:
    assert safe_next(given) == taken


def test_cursors_come_back_and_strangers_do_not() -> None:
    row = uuid4()
    assert decode_cursor(encode_cursor(row)) == row
    assert decode_cursor(None) is None
    for broken in ("", "x", "e30", "bnVsbA", "W10", "Ww", "é", encode_cursor(row)[:-4], "W1tb" * 20_000):
        with pytest.raises(BadRequest):
            decode_cursor(broken)


def test_signatures_hold_for_their_purpose_only() -> None:
    signature = tokens.sign(b"key", "csrf", "value")
    assert tokens.signature_holds(b"key", "csrf", "value", signature)
    assert not tokens.signature_holds(b"key", "flash", "value", signature)
    assert not tokens.signature_holds(b"key", "csrf", "other", signature)
    assert not tokens.signature_holds(b"other", "csrf", "value", signature)
    assert not tokens.signature_holds(b"key", "csrf", "value", "ünïcode")


def test_the_limit_is_per_account_and_says_how_long() -> None:
    limiter = RateLimiter(3)
    for _ in range(3):
        limiter.hit_account("a")
    with pytest.raises(TooManyRequests) as refused:
        limiter.hit_account("a")
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    limiter.hit_account("b")
    limiter.hit_address("a")


def test_a_minute_later_counting_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("codezest.kit.ratelimit.time.monotonic", lambda: now)
    limiter = RateLimiter(1)
    limiter.hit_account("a")
    now += 59.5
    with pytest.raises(TooManyRequests) as refused:
        limiter.hit_account("a")
    assert refused.value.headers["Retry-After"] == "1"
    now += 0.5
    limiter.hit_account("a")


@pytest.mark.parametrize(
    ("source", "expected", "absent"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;", "<script"),
        ("[x](javascript:alert(1))", "", 'href="javascript'),
        ("![x](javascript:alert(1))", "", 'src="javascript'),
        ('<img src=x onerror="alert(1)">', "&lt;img", "<img src=x"),
        ("```text\n<b>\n```", "&lt;b&gt;", "<b>"),
        ('```"><script>\nx\n```', "language-", "<script>"),
    ],
)
def test_markdown_cannot_smuggle_markup(source: str, expected: str, absent: str) -> None:
    html = render(source)
    assert expected in html
    assert absent not in html


def test_markdown_leaves_the_first_heading_to_the_page() -> None:
    assert "<h1" not in render("# One\n\n## Two")
    assert headings("## One\n\n### In between\n\n## Two") == [
        {"id": "one", "title": "One"},
        {"id": "two", "title": "Two"},
    ]


def test_headings_that_repeat_are_numbered_each_in_turn() -> None:
    """Many thousand alike ones too: no number is tried twice."""
    assert [one["id"] for one in headings("## A\n\n## A-1\n\n## A\n\n## A\n")] == ["a", "a-1", "a-2", "a-3"]
    assert headings("# A\n" * 2_000)[-1]["id"] == "a-1999"


def test_a_program_that_takes_too_long_to_colour_is_shown_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lexer ends when its time is over, and so does a document of many such programs."""
    assert 'class="kn"' in render("```python\nimport that\n```")
    monkeypatch.setattr("codezest.kit.markdown.HIGHLIGHT_SECONDS", 0.05)
    slow = "s{" * 5_000
    assert highlight(slow, "perl") == slow + "\n"
    assert render(f"```perl\n{slow}\n```\n\n```python\nimport this\n```").endswith(">import this\n</code></pre>\n")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"environment": "production"}, "production needs CODEZEST_SECRET_KEY"),
        (
            {
                "environment": "production", "secret_key": "x" * 40,
                "base_url": "http://school.example", "smtp_url": "smtp://mail",
            },
            "https://",
        ),
        ({"secret_key": "short"}, "shorter than 32"),
        ({"port": 0}, "greater than or equal to 1"),
    ],
)  # fmt: skip
def test_settings_refuse_what_is_unsafe(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settings.model_validate(values)


def test_a_generated_key_is_kept(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path).signing_key
    assert Settings(data_dir=tmp_path).signing_key == first
    assert len(first) >= 32
    (tmp_path / "secret_key").write_text("")  # as after a crash between creating and writing
    assert len(Settings(data_dir=tmp_path).signing_key) >= 32


def test_dates_follow_the_reader() -> None:
    moment = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert "Feb 1, 2026" in Reader("en", "Asia/Kolkata").datetime(moment)
    assert "Jan 31, 2026" in Reader("en", "America/New_York").date(moment)
    assert Reader("en", "No/Where").datetime(moment) == Reader("en", "UTC").datetime(moment)
    assert Reader("ar").direction == "rtl"
    assert choose_locale("xx", "") == "en"


def test_input_refuses_nul_and_unknown_fields() -> None:
    class Body(ApiModel):
        name: str
        more: dict[str, list[str]] = {}

    assert Body.model_validate({"name": "ok"}).name == "ok"
    for bad in ({"name": "a\0b"}, {"name": "a", "more": {"k": ["\0"]}}, {"name": "a", "other": 1}, {"name": 1}, {}):
        with pytest.raises(ValidationError):
            Body.model_validate(bad)
