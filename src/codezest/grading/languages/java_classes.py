"""Our own Java classes, compiled once for each development kit, and an archive that lets a machine load them faster.

Both are made in sandboxes, like everything else that runs, and kept in the toolchain's cache folder.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from codezest.grading.languages.java_toolchain import ARCHIVE, CLASSES, SOURCES
from codezest.grading.languages.language import Toolchain
from codezest_sandbox import Limits, SandboxDied
from codezest_sandbox.connection import Sandbox
from codezest_sandbox.inside import BUILD
from codezest_sandbox.limits import MEBIBYTE
from codezest_sandbox.programs.java_machine import FLAGS
from codezest_sandbox.result import PreparedResult
from codezest_sandbox.runtime import Build, Runtime

TakeSandbox = Callable[[Runtime], Awaitable[Sandbox]]

_LIMITS = Limits(
    cpu_seconds=60.0, wall_seconds=120.0, memory_bytes=512 * MEBIBYTE, file_bytes=64 * MEBIBYTE, processes=64
)
_MANIFEST = "Main-Class: codezest.Runner\nAdd-Exports: java.base/jdk.internal.access\n"


async def make_classes(toolchain: Toolchain, take: TakeSandbox) -> None:
    """Make what is not there yet.

    Raises:
        SandboxDied: the classes cannot be made. Without the archive everything works, if more slowly.
    """
    folder = Path(toolchain.facts["cache"])
    if not _is_there(folder / CLASSES):
        made = await _run(_compilation(toolchain), toolchain, take)
        if CLASSES not in made.artifacts:
            raise SandboxDied(f"our own classes for Java cannot be compiled: {made.output}")
        _write_at_once(folder / CLASSES, made.artifacts[CLASSES])
    if not _is_there(folder / ARCHIVE):
        made = await _run(_archiving(toolchain), toolchain, take)
        if ARCHIVE in made.artifacts:
            _write_at_once(folder / ARCHIVE, made.artifacts[ARCHIVE])


async def _run(build: Build, toolchain: Toolchain, take: TakeSandbox) -> PreparedResult:
    runtime = Runtime(
        kind="command",
        policy="java",
        environment={"LD_LIBRARY_PATH": toolchain.facts["libraries"]},
        bounded_address_space=False,
    )
    async with await take(runtime) as sandbox:
        return await sandbox.prepare(build, _LIMITS)


def _compilation(toolchain: Toolchain) -> Build:
    facts = toolchain.facts
    sources = {path.name: path.read_bytes() for path in sorted(SOURCES.glob("*.java"))}
    compile_command = (
        facts["javac"],
        "-XDignore.symbol.file",
        "--add-exports",
        "java.base/jdk.internal.access=ALL-UNNAMED",
        "-proc:none",
        "-d",
        f"{BUILD}/classes",
        *(f"{BUILD}/{name}" for name in sources),
    )
    pack_command = (facts["jar"], "cfm", f"{BUILD}/{CLASSES}", f"{BUILD}/MANIFEST", "-C", f"{BUILD}/classes", ".")
    return Build(
        files={**sources, "MANIFEST": _MANIFEST.encode()},
        entry="",
        steps=(compile_command, pack_command),
        artifacts=(CLASSES,),
    )


def _archiving(toolchain: Toolchain) -> Build:
    """With the flags that it will be used with, and the classes where they will be: it is bound to both."""
    facts = toolchain.facts
    command = (
        facts["java"],
        *FLAGS,
        f"-XX:ArchiveClassesAtExit={BUILD}/{ARCHIVE}",
        "-jar",
        facts["classes"],
        BUILD,
        "",
    )
    return Build(files={}, entry="", steps=(command,), artifacts=(ARCHIVE,))


def _is_there(path: Path) -> bool:
    return path.is_file()


def _write_at_once(path: Path, content: bytes) -> None:
    """So that another process finds all of it or nothing."""
    part = path.with_name(f".{path.name}-{os.getpid()}")
    part.write_bytes(content)
    part.chmod(0o644)
    part.replace(path)
