"""First life of the launcher: shut itself in, give up all rights, and execute the second from inside.

Started by `host.start_launcher` as a small interpreter of its own. Root prepares the mounts with its own rights, so an
interpreter below /root can be used, and then becomes an account without any; everybody else prepares them in a user
namespace. Either way the second life holds no capability and sees nothing but the sandbox's root. At the tier LANDLOCK there is
no such root: the second life sees the host's, and gives up most of it by itself.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from codezest_sandbox import kernel, open_root, removal
from codezest_sandbox.cgroup_base import make_base
from codezest_sandbox.inside import ACCOUNT, PACKAGES, PYTHON, WORK, map_account
from codezest_sandbox.interpreter import Interpreter
from codezest_sandbox.keeper import become_keeper, keep
from codezest_sandbox.rootfs import enter_root
from codezest_sandbox.tiers import Tier

_ISOLATION = kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS
_SECOND_LIFE = "import sys; sys.path.append({packages!r}); from codezest_sandbox.launcher import main; main()"
_PREFIX = "codezest-sandbox-"
_STALE_SECONDS = 60.0


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
            enter_root(interpreter, settings["packages"], settings["trees"])
            kernel.bar_capabilities()
            _become(account)
            return
    outer = (os.geteuid(), os.getegid())
    kernel.unshare(kernel.CLONE_NEWUSER)
    map_account(proc, inner=ACCOUNT, outer=outer)
    kernel.unshare(_ISOLATION)
    enter_root(interpreter, settings["packages"], settings["trees"])
    kernel.bar_capabilities()
    kernel.drop_capabilities()


def _shut_in_the_open(interpreter: Interpreter, settings: dict[str, Any]) -> dict[str, Any]:
    """Without namespaces: give up all rights; the launcher itself gives up the file system once it has its modules.

    Becomes a keeper and forks: what returns is the child. Returns what `launcher.py` needs to know.
    """
    owns_files = True
    if os.geteuid() == 0:
        with contextlib.suppress(
            OSError
        ):  # not for root without CAP_SETPCAP; it can gain nothing by an exec either way
            kernel.bar_capabilities()
        if _is_mapped(settings["account"]):
            with contextlib.suppress(PermissionError):  # root without CAP_SETUID stays what it is, without its rights
                _become(settings["account"])
                owns_files = False
    kernel.drop_capabilities()
    reason = open_root.why_unreachable(interpreter.executable) or open_root.why_unreachable(interpreter.prefix)
    if reason is not None:
        raise PermissionError(f"{reason}; choose an interpreter that everybody may read, such as /usr/bin/python3")
    temporary = _temporary_directory(settings["temporary"])
    prefix = f"{_PREFIX}{os.urandom(8).hex()}-"
    become_keeper()
    _remove_stale(temporary)
    pid = os.fork()
    if pid != 0:
        place = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY)
        kernel.close_all_but([place])
        keep(pid, lambda: _remove_all(place, prefix))
    kernel.die_with_parent(signal.SIGKILL)
    return {
        "interpreter": settings["interpreter"],
        "packages": settings["packages"],
        "trees": settings["trees"],
        "temporary": temporary,
        "prefix": prefix,
        "owns_files": owns_files,
    }


def _temporary_directory(preferred: str) -> str:
    for path in (preferred, "/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108  # names in it cannot be guessed
        if os.access(path, os.R_OK | os.W_OK | os.X_OK):
            return os.path.realpath(path)
    raise PermissionError("there is no directory for temporary files that the account that runs programs may write to")


def _remove_all(directory: int, prefix: str) -> None:
    for name in os.listdir(directory):  # a descriptor has no path
        if name.startswith(prefix):
            with contextlib.suppress(OSError):
                removal.remove(directory, name)


def _remove_stale(temporary: str) -> None:
    """What keepers left that could not do their work. Each holds a lock on its directory as long as it lives."""
    parent = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY)
    for name in os.listdir(parent):  # noqa: PTH208  # a descriptor has no path
        with contextlib.suppress(OSError):
            if not name.startswith(_PREFIX) or time.time() - os.stat(name, dir_fd=parent).st_ctime < _STALE_SECONDS:
                continue
            directory = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
            try:
                fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
                removal.empty(directory)
            finally:
                os.close(directory)
            os.rmdir(name, dir_fd=parent)
    os.close(parent)


def _environment(interpreter: Interpreter, *, prefix: str) -> dict[str, str]:
    """All that programs will find in their environment. The fixed hash seed makes a verdict reproducible.

    Args:
        interpreter: that runs Python programs.
        prefix: where its prefix is, inside.
    """
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
        environment["PATH"] = f"{prefix}/bin:" + environment["PATH"]
        environment["LD_LIBRARY_PATH"] = f"{prefix}/lib"  # its own note of where libpython is names the old place
    return environment


def enter(settings: dict[str, Any]) -> NoReturn:
    """Isolate this process and execute the launcher proper.

    Args:
        settings: `interpreter` (fields of Interpreter), `packages` (host directory of this package), `trees` (name →
            host directory), `account` (whom
            root becomes), `control` (descriptor of the control socket), `bound_memory`, `tier` (name), `temporary` (host
            directory for temporary files).
    """
    interpreter = Interpreter(**settings["interpreter"])
    parent = os.pidfd_open(os.getppid())
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    kernel.forbid_new_privileges()
    owner = settings["account"] if os.geteuid() == 0 else os.geteuid()
    base = make_base(owner, os.getpid()) if settings["bound_memory"] else None
    memory = None if base is None else os.open(base.path, os.O_PATH | os.O_DIRECTORY)
    cpu = None if base is None or base.cpu_path is None else os.open(base.cpu_path, os.O_PATH | os.O_DIRECTORY)
    in_the_open: dict[str, Any] | None = None
    if settings["tier"] == Tier.LANDLOCK.name:
        in_the_open = _shut_in_the_open(interpreter, settings)
        executable, packages = interpreter.executable, str(Path(settings["packages"]).parent)
    else:
        _shut_in(proc, interpreter, settings)
        executable, packages = interpreter.inner_executable, PACKAGES
    for descriptor in (settings["control"], proc, parent, memory, cpu):
        if descriptor is not None:
            os.set_inheritable(descriptor, True)  # noqa: FBT003  # it takes no name
    inherited = {
        "control": settings["control"],
        "proc": proc,
        "parent": parent,
        "memory_base": memory,
        "memory_path": str(base.path) if base else None,
        "cpu_base": cpu,
        "memory_version": base.version if base else 0,
        "in_the_open": in_the_open,
    }
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    arguments = [executable, "-S", "-s", "-P", "-c", _SECOND_LIFE.format(packages=packages), json.dumps(inherited)]
    prefix = PYTHON if in_the_open is None else interpreter.prefix
    os.execve(executable, arguments, _environment(interpreter, prefix=prefix))  # noqa: S606  # no shell is wanted


def main() -> None:
    """Entry of the process. Failures are told over the control socket, where the host waits."""
    settings = json.loads(sys.argv[1])
    try:
        enter(settings)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the host must hear of it
        with socket.socket(fileno=settings["control"]) as control:
            control.send(json.dumps({"died": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)
