"""How a call reaches a program, and what was returned comes back. Nothing of it is trusted: see `drivers`."""

import json
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from codezest.grading.drivers import CALL_FILE, Exchange
from codezest.grading.plan import PlannedTest
from codezest_sandbox import RunOutput
from codezest_sandbox.connection import Case

_OWN_FRAMES = re.compile(rb"^\s+at (?:[\w.]+\.)?Codezest(?:Call|Reader|Writer)\.[^\n]*\n?", re.MULTILINE)
_MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of one call."""

    text: bytes
    """JSON if the driver wrote it, and whatever the learner wrote in its place; empty: nothing."""
    output: RunOutput
    """Without what only the driver has to do with."""


class Calls:
    """The calls of one submission, one for each test. A context: what they keep open ends with it."""

    def __init__(self, function: str, planned: Sequence[PlannedTest], exchange: Exchange) -> None:
        self._planned = planned
        self._texts = [
            json.dumps({"function": function, "arguments": test.test.arguments or ()}).encode() for test in planned
        ]
        by_descriptor = exchange is Exchange.DESCRIPTOR
        self._descriptors = [os.memfd_create("returned", os.MFD_CLOEXEC) for _ in planned] if by_descriptor else []
        self._marks = [secrets.token_hex(_MARK_BYTES).encode() for _ in planned]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for descriptor in self._descriptors:
            os.close(descriptor)

    def cases(self) -> list[Case]:
        """To be run, in the tests' order."""
        if self._descriptors:
            return [
                replace(test.case, link=descriptor, files={**test.case.files, CALL_FILE: text.decode()})
                for test, descriptor, text in zip(self._planned, self._descriptors, self._texts, strict=True)
            ]
        return [
            replace(test.case, stdin=b"%s %d\n%s%s" % (mark, len(text), text, test.case.stdin))
            for test, mark, text in zip(self._planned, self._marks, self._texts, strict=True)
        ]

    def returned(self, position: int, output: RunOutput) -> Returned:
        """What the test at `position` had returned when `output` came of it."""
        if self._descriptors:
            most = self._planned[position].case.limits.output_bytes
            return Returned(os.pread(self._descriptors[position], most, 0), output)
        mark = self._marks[position]
        parts = output.stdout.split(mark)
        text = parts[1] if len(parts) == 3 else b""  # before, between and after two marks
        printed = b"".join((parts[0], parts[2]) if text else parts)
        errors = _OWN_FRAMES.sub(b"", output.stderr)
        unseen = len(output.stdout) - len(printed)
        cleaned = replace(
            output,
            stdout=printed,
            stdout_length=output.stdout_length - unseen,
            stderr=errors,
            stderr_length=output.stderr_length - len(output.stderr) + len(errors),
        )
        return Returned(text, cleaned)
