"""Work on what strangers sent in, in a process apart.

The process is a module of ours, run for one request: it gets that on its standard input and answers on its standard output.
It has a bare environment, and calls `confine` before it looks at anything, so that what is made to break a parser or a
decoder breaks nothing else.
"""

import asyncio
import os
import resource
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one such process may use."""

    cpu_seconds: int
    wall_seconds: float
    address_space: int
    """In bytes."""


async def ask_apart(module: str, request: bytes | BinaryIO, *arguments: str, bounds: Bounds) -> bytes:
    """What the module answers; nothing where it failed, died or was silent for too long.

    Args:
        module: its full name; it is run as a program.
        request: what it is to read. A file is handed over as it is, from its beginning, so that it costs no
            memory; afterwards it stands at its beginning again.
        arguments: of its command line.
        bounds: its wall clock is watched here; the rest the module imposes on itself.
    """
    if not isinstance(request, bytes):
        request.flush()
        os.lseek(request.fileno(), 0, os.SEEK_SET)  # the other process begins where the system's own offset is
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE if isinstance(request, bytes) else request,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )
    sent = request if isinstance(request, bytes) else None
    try:
        answer, _ = await asyncio.wait_for(process.communicate(sent), timeout=bounds.wall_seconds)
    except TimeoutError:
        answer = b""
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if not isinstance(request, bytes):
            request.seek(0, os.SEEK_END)  # forgets what is buffered: the offset was moved behind its back
            request.seek(0)
    return answer if process.returncode == 0 else b""


def confine(bounds: Bounds) -> None:
    """Bind this process to its bounds for good; from now on it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (bounds.address_space, bounds.address_space))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
