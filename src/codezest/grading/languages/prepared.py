"""Things made once for a toolchain and kept between starts, from our own text alone: nobody's program takes part.

They lie in a folder that only this account writes to. Sandboxes see it, read only; what is made later appears in it.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path


def prepared_folder(name: str, made_for: str) -> Path | None:
    """An existing folder for what is made for one toolchain; None where none can be had, and one must do without.

    Args:
        name: of the toolchain.
        made_for: whatever the content depends on: versions, options.
    """
    digest = hashlib.sha256(made_for.encode()).hexdigest()[:16]
    folder = _root() / f"{name}-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        state = folder.stat()
        if state.st_uid == os.geteuid():
            folder.chmod(0o755)  # sandboxes read it under another account, whatever our umask
            state = folder.stat()
    except OSError:
        return None
    return folder if state.st_uid == os.geteuid() else None


def _root() -> Path:
    if os.geteuid() == 0:
        return Path("/var/cache/codezest/toolchains")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser(), "codezest", "toolchains")


class Workshop:
    """Makes things in the background, one at a time, at low priority, each once for all processes of this machine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: set[Path] = set()
        self._running: subprocess.Popen[bytes] | None = None
        self._closing = False
        atexit.register(self.close)

    def ask_for(self, target: Path, make: Callable[[Path], Sequence[Sequence[str]]]) -> bool:
        """Whether `target` is there. If not, it is made in the background, unless that has been tried.

        Args:
            target: a file or folder in a prepared folder.
            make: given a place in a temporary folder beside it, prepares what is needed and returns the commands that
                make it there.
        """
        if target.exists():
            return True
        with self._lock:
            if target not in self._asked:
                self._asked.add(target)
                threading.Thread(target=self._make, args=(target, make), name="workshop", daemon=True).start()
        return False

    def make_now(self, target: Path, make: Callable[[Path], Sequence[Sequence[str]]]) -> bool:
        """Make it, and wait. Returns whether it is there."""
        self._make(target, make)
        return target.exists()

    def close(self) -> None:
        """Give up what is being made: the program ends."""
        self._closing = True
        running = self._running
        if running is not None:
            with suppress(ProcessLookupError):
                running.kill()

    def _make(self, target: Path, make: Callable[[Path], Sequence[Sequence[str]]]) -> None:
        try:
            with (target.parent / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not target.exists():
                    self._make_alone(target, make)
        except OSError:
            return  # a disk that is full or read only: one does without

    def _make_alone(self, target: Path, make: Callable[[Path], Sequence[Sequence[str]]]) -> None:
        scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
        try:
            for command in make(scratch / target.name):
                if self._closing or not self._run(command, scratch):
                    return
            made = scratch / target.name
            made.chmod(0o755 if made.is_dir() else 0o644)
            made.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _run(self, command: Sequence[str], scratch: Path) -> bool:
        with subprocess.Popen(  # noqa: S603  # our own command, by full path
            ("/usr/bin/nice", "-n", "10", *command),
            cwd=scratch,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TMPDIR": str(scratch), "HOME": str(scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running:
            self._running = running
            status = running.wait()
            self._running = None
        return status == 0


WORKSHOP = Workshop()
