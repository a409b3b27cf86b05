"""Standard streams of the learner's code: what it prints travels with the next answer, what it reads is asked for."""

import io
from collections.abc import Callable

_LONGEST_OUTPUT = 1 << 20


class Printed(io.TextIOBase):
    """Standard output or error of the learner's code, kept until the next frame takes it along."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._size += len(text)
        if self._size > _LONGEST_OUTPUT:
            raise OSError("the program prints too much")
        self._parts.append(str(text))
        return len(text)

    def take(self) -> str:
        taken, self._parts, self._size = "".join(self._parts), [], 0
        return taken


class Input(io.TextIOBase):
    """Standard input: whatever the tests put there."""

    def __init__(self, ask: Callable[[str, str], str]) -> None:
        self._ask = ask

    def readable(self) -> bool:
        return True

    def readline(self, size: int = -1, /) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        del size
        return self._ask("readline", "")

    def read(self, size: int | None = -1, /) -> str:
        del size
        return self._ask("read", "")
