"""Has a program read in a process of its own (`reading`), so that a text that breaks a tool breaks nothing else."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

from codezest.services.learning.analysers.analyser import AnalysisUnavailable, Evidence, Program
from codezest.services.learning.analysers.measured import Measured

_WALL_SECONDS = 30.0
_OUTPUT_BYTES = 1 << 20
_MODULE = "codezest.services.learning.analysers.reading"


async def measured_apart(program: Program) -> Measured:
    """What the rules find in a program.

    Raises:
        AnalysisUnavailable: it cannot be looked at within bounds.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        _MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )
    request = json.dumps({"language": program.language, "files": dict(program.files)}).encode()
    try:
        answer, _ = await asyncio.wait_for(process.communicate(request), timeout=_WALL_SECONDS)
    except TimeoutError:
        raise AnalysisUnavailable("too-complex") from None
    finally:
        # What it has started belongs to its group, and must not outlive it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.returncode != 0 or not answer or len(answer) > _OUTPUT_BYTES:
        raise AnalysisUnavailable("too-complex")
    return _read_answer(json.loads(answer))


def _read_answer(answer: dict[str, Any]) -> Measured:
    if "unreadable" in answer:
        raise AnalysisUnavailable(answer["unreadable"])
    return Measured(
        findings=[Evidence(**one) for one in answer["findings"]],
        measures=Counter(answer["measures"]),
        builtins=Counter(answer["builtins"]),
    )
