"""Output of programs, made fit to be stored and shown."""

import pytest

from codezest.grading.display import SHOWN_BYTES, one_line, shown


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain\ttext\r\n", "plain\ttext\r\n"),
        ("žluťoučký 🐎".encode(), "žluťoučký 🐎"),
        (b"\x00\x1b\x07\x7f", "␀␛␇␡"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("\x9b\u202e\u2066".encode(), "\ufffd\ufffd\ufffd"),
        (b"<script>", "<script>"),
    ],
)
def test_control_characters_become_visible(raw: bytes, text: str) -> None:
    assert shown(raw) == text


def test_long_output_is_cut_at_a_marked_place() -> None:
    text = shown(b"x" * (SHOWN_BYTES + 10))
    assert text == "x" * SHOWN_BYTES + "\n… [10 more bytes not shown]"


def test_what_was_not_kept_is_counted() -> None:
    assert shown(b"x" * SHOWN_BYTES, 5_000_000).endswith(f"[{5_000_000 - SHOWN_BYTES} more bytes not shown]")


def test_errors_keep_their_end() -> None:
    text = shown(b"first" + b"x" * 100_000 + b"last", keep_end=True)
    assert text.startswith("first")
    assert text.endswith("last")
    assert "bytes not shown" in text
    assert len(text) < SHOWN_BYTES + 100


def test_a_character_cut_in_two_stays_valid() -> None:
    raw = b"x" * (SHOWN_BYTES - 1) + "é".encode() * 10
    shown(raw).encode("utf-8")
    shown(raw, keep_end=True).encode("utf-8")


def test_one_line() -> None:
    assert one_line("a\tb\n\x1b") == "a⇥b⏎␛"
    assert one_line("x" * 1_000_000) == "x" * 80 + "…"
