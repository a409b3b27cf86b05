"""Programs' output, made fit to be stored and shown."""

SHOWN_BYTES = 16 * 1024
"""Of each output; the rest is counted, not kept."""

# The control pictures block mirrors ASCII: U+2400 pictures NUL. A terminal or a database would act on the originals.
_PICTURES = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t\r"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),  # they reverse the reading order
}


def shown(raw: bytes, length: int | None = None, *, keep_end: bool = False) -> str:
    """Text without control characters, at most about SHOWN_BYTES long.

    Args:
        raw: the beginning of an output, or all of it.
        length: how much was written, when that is more than `raw`.
        keep_end: cut out the middle instead of the end, because the last lines say what went wrong.
    """
    length = len(raw) if length is None else length
    if length <= SHOWN_BYTES:
        return _plain(raw)
    if keep_end:
        half = SHOWN_BYTES // 2
        head, tail = raw[:half], raw[half:][-half:]
        return f"{_plain(head)}\n… [{length - len(head) - len(tail)} bytes not shown] …\n{_plain(tail)}"
    head = raw[:SHOWN_BYTES]
    return f"{_plain(head)}\n… [{length - len(head)} more bytes not shown]"


def _plain(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").translate(_PICTURES)


def one_line(text: str, longest: int = 80) -> str:
    """A piece of output, short enough to be quoted in a sentence."""
    plain = (
        _plain(text[: longest + 1].encode("utf-8", "replace")).replace("\n", "⏎").replace("\r", "␍").replace("\t", "⇥")
    )
    return plain if len(text) <= longest else plain[:longest] + "…"
