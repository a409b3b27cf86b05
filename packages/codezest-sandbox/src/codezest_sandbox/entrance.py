"""First life of the launcher: shut itself in, give up all rights, and execute the second from inside.

Started by `host.start_launcher` as a small interpreter of its own. Root prepares the mounts with its own rights, so an
interpreter below /root can be used, and then becomes an account without any; everybody else prepares them in a user
namespace. Either way the second life holds no capability and sees nothing but the sandbox's root.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from codezest_sandbox import kernel
from codezest_sandbox.cgroup_base import make_base
from codezest_sandbox.inside import ACCOUNT, PACKAGES, PYTHON, WORK, map_account
from codezest_sandbox.interpreter import Interpreter
from codezest_sandbox.rootfs import enter_root

_ISOLATION = kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS
_SECOND_LIFE = f"import sys; sys.path.append({PACKAGES!r}); from codezest_sandbox.launcher import main; main()"


def _is_mapped(account: int) -> bool:
    """Whether root may become the account: not in a user namespace that maps root alone."""
    ranges = [[int(number) for number in line.split()] for line in Path("/proc/self/uid_map").read_text().splitlines()]
    allowed = Path("/proc/self/setgroups").read_text().strip() == "allow"
    return allowed and any(first <= account < first + count for first, _, count in ranges)


def _become(account: int) -> None:
    os.setgroups([])
    os.setresgid(account, account, account)
    os.setresuid(account, account, account)
    kernel.set_dumpable(True)  # lost with the change of account, and without it /proc/self is not ours to write


def _shut_in(proc: int, interpreter: Interpreter, settings: dict[str, Any]) -> None:
    """Namespaces and root, made with the rights of root where they are real, else with those of a user namespace."""
    account: int = settings["account"]
    if os.geteuid() == 0 and _is_mapped(account):
        try:
            kernel.unshare(_ISOLATION)
        except PermissionError:
            _become(account)
        else:
            enter_root(interpreter, settings["packages"])
            kernel.bar_capabilities()
            _become(account)
            return
    outer = (os.geteuid(), os.getegid())
    kernel.unshare(kernel.CLONE_NEWUSER)
    map_account(proc, inner=ACCOUNT, outer=outer)
    kernel.unshare(_ISOLATION)
    enter_root(interpreter, settings["packages"])
    kernel.bar_capabilities()
    kernel.drop_capabilities()


def _environment(interpreter: Interpreter) -> dict[str, str]:
    """All that programs will find in their environment. The fixed hash seed makes a verdict reproducible."""
    environment = {
        "HOME": WORK,
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TMPDIR": WORK,
        "USER": "learner",
    }
    if not interpreter.inside_usr:
        environment["PATH"] = f"{PYTHON}/bin:" + environment["PATH"]
        environment["LD_LIBRARY_PATH"] = f"{PYTHON}/lib"  # its own note of where libpython is names the old place
    return environment


def enter(settings: dict[str, Any]) -> NoReturn:
    """Isolate this process and execute the launcher proper.

    Args:
        settings: `interpreter` (fields of Interpreter), `packages` (host directory of this package), `account` (whom
            root becomes), `control` (descriptor of the control socket), `bound_memory`.
    """
    interpreter = Interpreter(**settings["interpreter"])
    parent = os.pidfd_open(os.getppid())
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    kernel.forbid_new_privileges()
    owner = settings["account"] if os.geteuid() == 0 else os.geteuid()
    base = make_base(owner, os.getpid()) if settings["bound_memory"] else None
    memory = None if base is None else os.open(base.path, os.O_PATH | os.O_DIRECTORY)
    _shut_in(proc, interpreter, settings)
    for descriptor in (settings["control"], proc, parent, memory):
        if descriptor is not None:
            os.set_inheritable(descriptor, True)  # noqa: FBT003  # it takes no name
    inherited = {
        "control": settings["control"],
        "proc": proc,
        "parent": parent,
        "memory_base": memory,
        "memory_path": str(base.path) if base else None,
        "memory_version": base.version if base else 0,
    }
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    executable = interpreter.inner_executable
    arguments = [executable, "-S", "-s", "-P", "-c", _SECOND_LIFE, json.dumps(inherited)]
    os.execve(executable, arguments, _environment(interpreter))  # noqa: S606  # no shell is wanted


def main() -> None:
    """Entry of the process. Failures are told over the control socket, where the host waits."""
    settings = json.loads(sys.argv[1])
    try:
        enter(settings)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the host must hear of it
        with socket.socket(fileno=settings["control"]) as control:
            control.send(json.dumps({"died": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)
