"""The file system that submissions see, built in a mount namespace of its own.

Read only: /usr, the interpreter's own tree, four devices, a handful of files in /etc. Nothing of the host's homes,
/etc, /proc, /sys, /run or /var. /tmp is empty until each case mounts its own.
"""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from codezest_sandbox import kernel
from codezest_sandbox.inside import BUILD, PACKAGES, PYTHON, TOOLCHAINS, WORK
from codezest_sandbox.interpreter import Interpreter

DEVICES = ("full", "null", "random", "urandom", "zero")
TOP_LEVEL = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
_READ_ONLY = kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID

_ETC = {
    "passwd": "learner:x:1000:1000::/tmp:/bin/sh\n",
    "group": "learner:x:1000:\n",
    "hosts": "127.0.0.1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


@dataclass(slots=True)
class _Plan:
    """Bind mounts to make: sources are opened before anything is covered, so that a source below /tmp still counts."""

    base: str
    binds: list[tuple[int, str, int]] = field(default_factory=list[tuple[int, str, int]])

    def add(self, source: str, target: str, attributes: int) -> None:
        self.binds.append((os.open(source, os.O_PATH), self.base + target, attributes))

    def carry_out(self) -> None:
        for descriptor, target, attributes in self.binds:
            source = f"/proc/self/fd/{descriptor}"
            if Path(source).is_dir():
                Path(target).mkdir(parents=True, exist_ok=True)
            else:
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                Path(target).touch()
            kernel.mount(source, target, None, kernel.MS_BIND | kernel.MS_REC)
            kernel.set_mount_attributes(target, attributes)
            os.close(descriptor)


def hidden_directories(interpreter: Interpreter, inner: str) -> list[str]:
    """Directories that appear empty: whatever is installed beside Python is not learners' business.

    It may be this very product, with the solutions of its exercises. `inner`: where the interpreter's prefix is, inside.
    """
    hidden = [] if Path(interpreter.prefix).is_relative_to("/usr/local") else ["/usr/local"]
    for pattern in ("lib/python*/site-packages", "lib/python*/dist-packages"):
        found = Path(interpreter.prefix).glob(pattern)
        hidden += [f"{inner}/{path.relative_to(interpreter.prefix)}" for path in found]
    if inner != "/usr":
        hidden += [str(path) for path in Path("/usr").glob("lib/python*/dist-packages")]
    return [path for path in hidden if not Path(path).is_symlink()]


def enter_root(interpreter: Interpreter, packages: str, trees: Mapping[str, str]) -> None:
    """Build the root and make it this process's. Needs CAP_SYS_ADMIN over a mount namespace nobody shares.

    Args:
        interpreter: whose prefix is mounted when it is not below /usr.
        packages: host directory of the package `codezest_sandbox`.
        trees: host directories to appear below TOOLCHAINS, by their names there; a name that is an absolute path
            stands for itself.
    """
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    base = "/tmp" if Path("/tmp").is_dir() else "/var"  # noqa: S108  # any directory will do: it is only mounted on
    plan = _Plan(base)
    plan.add("/usr", "/usr", _READ_ONLY | kernel.MOUNT_ATTR_NODEV)
    if not interpreter.inside_usr:
        plan.add(interpreter.prefix, PYTHON, _READ_ONLY | kernel.MOUNT_ATTR_NODEV)
    plan.add(packages, f"{PACKAGES}/codezest_sandbox", _READ_ONLY | kernel.MOUNT_ATTR_NODEV)
    for name, path in trees.items():
        place = name if name.startswith("/") else f"{TOOLCHAINS}/{name}"
        plan.add(path, place, _READ_ONLY | kernel.MOUNT_ATTR_NODEV)
    links: dict[str, str] = {}
    for name in TOP_LEVEL:
        if Path("/", name).is_symlink():
            links[name] = str(Path("/", name).readlink())
        elif Path("/", name).is_dir():
            plan.add(f"/{name}", f"/{name}", _READ_ONLY | kernel.MOUNT_ATTR_NODEV)
    for name in DEVICES:
        plan.add(f"/dev/{name}", f"/dev/{name}", kernel.MOUNT_ATTR_NOSUID | kernel.MOUNT_ATTR_NOEXEC)
    with contextlib.suppress(FileNotFoundError):
        plan.add("/etc/ld.so.cache", "/etc/ld.so.cache", _READ_ONLY | kernel.MOUNT_ATTR_NODEV)
    hidden = hidden_directories(interpreter, interpreter.prefix if interpreter.inside_usr else PYTHON)

    kernel.mount("tmpfs", base, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    previous_mask = os.umask(0o022)
    plan.carry_out()
    for target in hidden:
        kernel.mount("tmpfs", base + target, "tmpfs", kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV, "size=4k")
    for name, target in links.items():
        Path(base, name).symlink_to(target)
    Path(base, WORK[1:]).mkdir()
    Path(base, BUILD[1:]).mkdir()
    Path(base, "etc").mkdir(exist_ok=True)
    for name, text in _ETC.items():
        Path(base, "etc", name).write_text(text)
    os.umask(previous_mask)

    os.chdir(base)
    kernel.pivot_root(".", ".")
    kernel.detach(".")
    os.chdir("/")
    kernel.mount(
        None,
        "/",
        None,
        kernel.MS_BIND | kernel.MS_REMOUNT | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV,
    )
