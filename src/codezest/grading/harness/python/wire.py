"""The wire between tests and the learner's code: frames of JSON, and how values are spelled in them.

A frame is four bytes of length, big-endian, and that many bytes of JSON. Requests and answers nest strictly: whoever waits
for an answer serves the requests that come before it. Null, booleans, text and numbers up to 2^53 are themselves; everything
else is a list that begins with a tag:

    i HEX · f HEX · y BASE64 · c REAL IMAG · l t s z [items] · d [[key, value]] · r START STOP STEP · n NAME (a builtin)
    q TYPE TEXT (date, time, Decimal, …) · m HANDLE (an object of the sender) · u NUMBER (an object of the receiver)
"""

import base64
import builtins
import datetime as dt
import decimal
import fractions
import json
import os
import re
import select
import struct
import time
from collections.abc import Callable
from typing import Any

LINK = 3
LONGEST_FRAME = 4 << 20
DEEPEST_VALUE = 40
DEEPEST_CALL = 40
_EXACT = 1 << 53
_FRACTION = re.compile(r"-?\d+(?:/\d+)?", re.ASCII)
"""Without the exponents that the class would work out to the last digit."""

SHARED_BUILTINS = {
    name: getattr(builtins, name)
    for name in [
        "abs",
        "all",
        "any",
        "ascii",
        "bin",
        "bool",
        "bytearray",
        "bytes",
        "callable",
        "chr",
        "complex",
        "dict",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "frozenset",
        "hash",
        "hex",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "object",
        "oct",
        "ord",
        "pow",
        "print",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "slice",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
        "NotImplemented",
        "Ellipsis",
    ]
} | {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
_NAMES = {id(value): name for name, value in SHARED_BUILTINS.items()}
_TEXTUAL: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "date": (dt.date, lambda value: value.isoformat(), dt.date.fromisoformat),
    "time": (dt.time, lambda value: value.isoformat(), dt.time.fromisoformat),
    "datetime": (dt.datetime, lambda value: value.isoformat(), dt.datetime.fromisoformat),
    "Decimal": (decimal.Decimal, str, decimal.Decimal),
    "Fraction": (fractions.Fraction, str, fractions.Fraction),
}


class LinkBroken(BaseException):
    """The other side is gone, silent for too long, or speaks nonsense. No `except Exception` of an author hides it."""


class TooLarge(ValueError):
    """A value is too large or too deep to be handed over."""


class Codec:
    """Spells values. Subclasses say what becomes of objects that have no spelling."""

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Raises TooLarge."""
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if depth > DEEPEST_VALUE:
            raise TooLarge("a value is nested too deeply to be handed over")
        if kind is int:
            return value if -_EXACT < value < _EXACT else ["i", hex(value)]
        if kind is float:
            return ["f", value.hex()]
        if kind in (list, tuple, set, frozenset):
            tag = {list: "l", tuple: "t", set: "s", frozenset: "z"}[kind]
            return [tag, [self.encode(item, depth + 1) for item in value]]
        if kind is dict:
            pairs = [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]
            return ["d", pairs]
        return self._encode_rare(value, kind, depth)

    def _encode_rare(self, value: Any, kind: type, depth: int) -> Any:  # noqa: PLR0911  # a table of types
        if kind in (bytes, bytearray):
            return ["y", base64.b64encode(value).decode(), kind is bytearray]
        if kind is complex:
            return ["c", value.real.hex(), value.imag.hex()]
        if kind in (range, slice):
            bounds = [self.encode(bound, depth + 1) for bound in (value.start, value.stop, value.step)]
            return ["r", kind.__name__, *bounds]
        name = _NAMES.get(id(value))
        if name is not None:
            return ["n", name]
        if kind is dt.timedelta:
            return ["q", "timedelta", f"{value.days} {value.seconds} {value.microseconds}"]
        for name, (known, spell, _) in _TEXTUAL.items():
            if kind is known:
                return ["q", name, spell(value)]
        return self.encode_object(value)

    def decode(self, message: Any, depth: int = 0) -> Any:
        """Raises ValueError and its kin for what is no value."""
        if message is None or type(message) in (bool, str, int):
            return message
        if type(message) is not list or depth > DEEPEST_VALUE + 2:
            raise ValueError("this is no value")
        tag, *rest = message
        if tag in ("l", "t", "s", "z"):
            kind = {"l": list, "t": tuple, "s": set, "z": frozenset}[tag]
            return kind(self.decode(item, depth + 1) for item in rest[0])
        if tag == "d":
            return {self.decode(key, depth + 1): self.decode(item, depth + 1) for key, item in rest[0]}
        if tag == "f":
            return float.fromhex(rest[0])
        if tag == "i":
            return int(rest[0], 16)
        return self._decode_rare(tag, rest, depth)

    def _decode_rare(self, tag: str, rest: list[Any], depth: int) -> Any:  # noqa: PLR0911  # a table of tags
        if tag == "y":
            raw = base64.b64decode(rest[0], validate=True)
            return bytearray(raw) if rest[1] else raw
        if tag == "c":
            return complex(float.fromhex(rest[0]), float.fromhex(rest[1]))
        if tag == "r":
            kind = {"range": range, "slice": slice}[rest[0]]
            return kind(*(self.decode(bound, depth + 1) for bound in rest[1:4]))
        if tag == "n":
            return SHARED_BUILTINS[rest[0]]
        if tag == "q":
            if rest[0] == "timedelta":
                days, seconds, microseconds = (int(part) for part in rest[1].split())
                return dt.timedelta(days, seconds, microseconds)
            if len(rest[1]) > 4000 or (rest[0] == "Fraction" and not _FRACTION.fullmatch(rest[1])):
                raise ValueError("this is no value")
            return _TEXTUAL[rest[0]][2](rest[1])
        return self.decode_object(tag, rest)

    def encode_object(self, value: Any) -> Any:
        raise NotImplementedError

    def decode_object(self, tag: str, rest: list[Any]) -> Any:
        raise NotImplementedError


class Link:
    """Frames over the socket."""

    def __init__(self) -> None:
        self.deadline: float | None = None
        """On the monotonic clock; None: wait as long as it takes."""

    def send(self, frame: list[Any]) -> None:
        body = json.dumps(frame, separators=(",", ":")).encode("utf-8", "surrogatepass")
        if len(body) > LONGEST_FRAME:
            raise TooLarge(f"a value is too large to be handed over: {len(body)} bytes")
        view = memoryview(struct.pack(">I", len(body)) + body)
        try:
            while view:
                self._wait(select.POLLOUT)
                view = view[os.write(LINK, view[:65536]) :]
        except OSError as error:
            raise LinkBroken("ended") from error

    def receive(self) -> list[Any]:
        (length,) = struct.unpack(">I", self._read(4))
        if length > LONGEST_FRAME:
            raise LinkBroken("nonsense")
        try:
            frame = json.loads(self._read(length).decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise LinkBroken("nonsense") from error
        if type(frame) is not list or not frame:
            raise LinkBroken("nonsense")
        return frame

    def _read(self, length: int) -> bytes:
        parts: list[bytes] = []
        while length:
            self._wait(select.POLLIN)
            try:
                part = os.read(LINK, min(length, 65536))
            except OSError as error:
                raise LinkBroken("ended") from error
            if not part:
                raise LinkBroken("ended")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _wait(self, event: int) -> None:
        if self.deadline is None:
            return
        poller = select.poll()
        poller.register(LINK, event)
        left = self.deadline - time.monotonic()
        if left <= 0 or not poller.poll(left * 1000):
            raise LinkBroken("late")
