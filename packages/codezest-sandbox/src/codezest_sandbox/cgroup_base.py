"""Where the cgroups of sandboxes are put: below the group this process is in, if it may make any there."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "codezest-sandbox-"


@dataclass(frozen=True, slots=True)
class Base:
    """The directory below which sandboxes get their groups."""

    path: Path
    version: int
    cpu_path: Path | None = None
    """Where version 1 counts their CPU time. Version 2 does so in `path`."""


def _mount_of(kind: str, option: str) -> tuple[Path, str] | None:
    """(mount point, root within the hierarchy) of a cgroup file system."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        root, point = before.split()[3:5]
        found, _, options = after.split(maxsplit=2)
        if found == kind and (not option or option in options.split(",")):
            return Path(point), root
    return None


def _own_groups() -> dict[str, str]:
    """Controller → path of this process's group; the key of version 2 is the empty string."""
    groups: dict[str, str] = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), path)
    return groups


def _directory(kind: str, option: str, path: str) -> Path | None:
    mount = _mount_of(kind, option)
    if mount is None:
        return None
    point, root = mount
    return point / os.path.relpath(path, root)


def _delegated(directory: Path) -> bool:
    """Whether systemd has handed the group over (`Delegate=`)."""
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(directory, name) == b"1":
                return True
    return False


def _parents() -> list[tuple[Path, int]]:
    """Groups that might take children, best first."""
    groups = _own_groups()
    if "memory" in groups:
        own = _directory("cgroup", "memory", groups["memory"])
        return [(own, 1)] if own else []
    own = _directory("cgroup2", "", groups.get("", "/"))
    if own is None:
        return []
    # A group of version 2 with processes in it cannot share out memory; its parent can, and is ours if delegated.
    return [(directory, 2) for directory in (own, own.parent) if directory == own or _delegated(directory)]


def make_base(account: int, pid: int) -> Base | None:
    """A base for the launcher with this pid, owned by `account`. None where that is not allowed."""
    try:
        parents = _parents()
    except (OSError, ValueError):
        return None
    for parent, version in parents:
        base = parent / f"{_PREFIX}{pid}"
        try:
            remove_stale(parent)
            base.mkdir()
            if version == 2:
                (parent / "cgroup.subtree_control").write_text("+memory")
                (base / "launcher").mkdir()
                (base / "launcher/cgroup.procs").write_text(str(pid))
                (base / "cgroup.subtree_control").write_text("+memory")
            _give(base, account)
        except OSError:
            remove(base)
        else:
            return Base(base, version, _make_cpu_base(base.name, account) if version == 1 else None)
    return None


def _make_cpu_base(name: str, account: int) -> Path | None:
    parent = _cpu_parent()
    if parent is None:
        return None
    base = parent / name
    remove_stale(parent)
    try:
        base.mkdir()
        _give(base, account)
    except OSError:
        with contextlib.suppress(OSError):
            base.rmdir()
        return None
    return base


def _cpu_parent() -> Path | None:
    """The group of this process in the hierarchy in which version 1 counts CPU time."""
    try:
        path = _own_groups().get("cpuacct")
        return None if path is None else _directory("cgroup", "cpuacct", path)
    except (OSError, ValueError):
        return None


def _give(base: Path, account: int) -> None:
    for path in (base, *base.glob("cgroup.*"), *base.glob("tasks")):
        os.chown(path, account, account)


def remove(base: Path) -> None:
    """Remove a base and all below it, as far as nothing is alive in it; where CPU time is counted, too."""
    cpu_parent = _cpu_parent() if base.name.startswith(_PREFIX) else None
    for directory in (base, *([] if cpu_parent is None else [cpu_parent / base.name])):
        _remove_tree(directory)


def _remove_tree(base: Path) -> None:
    with contextlib.suppress(OSError):
        for child in base.iterdir():
            if child.is_dir():
                child.rmdir()
    with contextlib.suppress(OSError):
        base.rmdir()


def remove_soon(base: Path, seconds: float = 1.0) -> None:
    """As `remove`, waiting a little for processes that have been killed and are not gone yet."""
    end = time.monotonic() + seconds
    remove(base)
    while base.exists() and time.monotonic() < end:
        time.sleep(0.005)
        remove(base)


def remove_stale(parent: Path) -> None:
    """Remove the bases of launchers that are no more."""
    for base in parent.glob(f"{_PREFIX}*"):
        pid = base.name.removeprefix(_PREFIX)
        if not Path("/proc", pid).exists():
            remove(base)
