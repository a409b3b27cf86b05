"""Starts a launcher and gets sandboxes from it.

launcher = Launcher(find_interpreter())
launcher.start()
async with launcher.spawn() as sandbox:
prepared = await sandbox.prepare(Build(files={"main.py": source}, entry="main.py"), Limits())
async for output in sandbox.run([Case(stdin=b"1 2")]):
...
launcher.close()
"""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from codezest_sandbox.cgroup_base import remove_soon
from codezest_sandbox.connection import Sandbox
from codezest_sandbox.disguise import Disguise
from codezest_sandbox.interpreter import Interpreter
from codezest_sandbox.machine import probe
from codezest_sandbox.runtime import Runtime
from codezest_sandbox.tiers import IsolationUnavailable, SandboxDied, Tier

UNPRIVILEGED_ACCOUNT = 65534
"""Whom root becomes: the account `nobody`, which owns nothing."""

_START_SECONDS = 20.0
_LARGEST_MESSAGE = 1 << 16
_FIRST_LIFE = "import sys; sys.path.append({packages!r}); from codezest_sandbox.entrance import main; main()"


class Launcher:
    """A launcher process, and how to get sandboxes from it. It ends with this process, whatever happens to either."""

    def __init__(
        self,
        interpreter: Interpreter,
        *,
        trees: Mapping[str, str] | None = None,
        bound_memory: bool = True,
        lowest_tier: Tier = Tier.NAMESPACES,
        highest_tier: Tier = Tier.NAMESPACES_CGROUP,
    ) -> None:
        """Prepare; nothing is started yet.

        Args:
            interpreter: that Python programs run under, and the launcher itself.
            trees: what toolchains outside /usr need: name below `/toolchains` → directory.
            bound_memory: let the kernel bound memory where it can. Without, the tier is NAMESPACES at best.
            lowest_tier: LANDLOCK where that will do if there is nothing better.
            highest_tier: LANDLOCK to have nothing better even where it could be had.
        """
        self.interpreter = interpreter
        self._trees = dict(trees or {})
        self._bound_memory = bound_memory
        self._tiers = [tier for tier in (Tier.NAMESPACES, Tier.LANDLOCK) if lowest_tier <= tier <= highest_tier]
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._idle_resident_bytes = 0
        self._memory_base: Path | None = None
        self._has_keeper = False
        self._disguise: Disguise | None = None
        self.tier = Tier.NONE
        self.unreachable: Mapping[str, str] = {}
        """Names of `trees` that sandboxes cannot use at this tier, with the reason."""

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and see one program run in a sandbox. Blocks for some tenths of a second.

        Raises:
            IsolationUnavailable: with the reason the kernel gave.
        """
        if sys.platform != "linux":
            raise IsolationUnavailable(f"sandboxes need Linux; this is {sys.platform}")
        reasons: list[str] = []
        for tier in self._tiers:
            reason = self._start_at(tier)
            if reason is None:
                return
            reasons.append(f"{tier.name}: {reason}")
        raise IsolationUnavailable(f"the sandbox launcher does not start. {'; '.join(reasons)}\n{probe()}")

    def _start_at(self, tier: Tier) -> str | None:
        """Start, or say why it cannot be done at this tier."""
        self.close()
        try:
            control = self._launch(tier)
        except OSError as error:  # for want of memory, of processes, of descriptors
            return f"no process can be started: {error}"
        self._has_keeper = tier is Tier.LANDLOCK
        self._control = control
        control.settimeout(_START_SECONDS)
        try:
            greeting: dict[str, Any] = json.loads(control.recv(_LARGEST_MESSAGE) or '{"died": "it ended at once"}')
        except OSError as error:
            greeting = {"died": f"it said nothing: {error}"}
        self._memory_base = Path(greeting["memory_base"]) if greeting.get("memory_base") else None
        if "died" in greeting:
            self.close()
            return str(greeting["died"])
        self._idle_resident_bytes = greeting["idle_resident_bytes"]
        self.unreachable = greeting["unreachable"]
        self._disguise = Disguise(greeting["places"], self._trees) if greeting["places"] else None
        bounded = tier is Tier.NAMESPACES and greeting["memory_bounded"]
        self.tier = Tier.NAMESPACES_CGROUP if bounded else tier
        return None

    def _launch(self, tier: Tier) -> socket.socket:
        """Start the process; returns our end of its control socket. Raises OSError."""
        control, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        packages = Path(__file__).resolve().parent
        settings = {
            "interpreter": asdict(self.interpreter),
            "packages": str(packages),
            "trees": self._trees,
            "account": UNPRIVILEGED_ACCOUNT,
            "control": other_end.fileno(),
            "bound_memory": self._bound_memory,
            "tier": tier.name,
            "temporary": tempfile.gettempdir(),
        }
        with contextlib.ExitStack() as undo, other_end:
            undo.callback(control.close)
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own code
                [
                    self.interpreter.executable,
                    "-I",
                    "-S",
                    "-c",
                    _FIRST_LIFE.format(packages=str(packages.parent)),
                    json.dumps(settings),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env={},
                pass_fds=[other_end.fileno()],
                start_new_session=True,
            )
            undo.pop_all()
        return control

    def close(self) -> None:
        """End the launcher and every sandbox, and wait until the launcher is gone."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self._has_keeper:  # it ends by itself, once nothing is left below it
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(_START_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
        if self._memory_base is not None:
            remove_soon(self._memory_base)
            self._memory_base = None

    def spawn(self, runtime: Runtime | None = None) -> Sandbox:
        """Ask for a fresh sandbox, for Python unless told otherwise, and do not wait for it.

        Raises:
            SandboxDied: the launcher is gone.
        """
        if self._control is None:
            raise SandboxDied("the launcher is not running")
        runtime = runtime or Runtime()
        connection, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with other_end:
                socket.send_fds(self._control, [json.dumps(runtime.as_message()).encode()], [other_end.fileno()])
        except OSError as error:
            connection.close()
            raise SandboxDied(f"the launcher is gone: {error}") from error
        connection.setblocking(False)  # noqa: FBT003  # it takes no name
        idle_resident_bytes = self._idle_resident_bytes if runtime.kind == "python" else runtime.idle_resident_bytes
        return Sandbox(connection, idle_resident_bytes, self._disguise)
