"""What programs may read where there is no root of their own: exactly what `rootfs.py` would have mounted.

Names are another matter. Landlock allows to list a directory with all that lies below it or not at all; so /usr and the
directory of the standard library, which linkers and Python have to list, show the names of what is hidden there. It cannot
be read. And whether a path exists anywhere, with its size and times, Landlock does not hide at all.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from codezest_sandbox.interpreter import Interpreter
from codezest_sandbox.landlock import DEVICE, LIST, READ, Rule
from codezest_sandbox.rootfs import DEVICES, TOP_LEVEL, hidden_directories


def readable(interpreter: Interpreter, trees: Mapping[str, str]) -> list[Rule]:
    """Descriptors with rights, for `landlock.Layer`. Raises OSError when the interpreter is out of reach."""
    hidden = {Path(path) for path in hidden_directories(interpreter, interpreter.prefix)}
    rules = list(_opened(Path("/usr"), hidden))
    if not interpreter.inside_usr:
        rules += _opened(Path(interpreter.prefix), hidden)
    for name in TOP_LEVEL:
        if not Path("/", name).is_symlink() and Path("/", name).is_dir():
            rules.append(_rule(f"/{name}", READ))
    for path in trees.values():
        if why_unreachable(path) is None:
            rules.append(_rule(path, READ))
    rules += [_rule(f"/dev/{name}", DEVICE) for name in DEVICES]
    if Path("/etc/ld.so.cache").exists():
        rules.append(_rule("/etc/ld.so.cache", READ))
    return rules


def _rule(path: str | Path, rights: int) -> Rule:
    return os.open(path, os.O_PATH | os.O_CLOEXEC), rights


def _opened(top: Path, hidden: Iterable[Path]) -> Iterator[Rule]:
    """Rules for all below `top` but what is hidden."""
    below = {path for path in hidden if path.is_relative_to(top)}
    if not below:
        yield _rule(top, READ)
        return
    if top in below:
        return
    yield _rule(top, LIST)
    for entry in os.scandir(top):
        if not entry.is_symlink():
            yield from _opened(Path(entry.path), below)


def why_unreachable(tree: str) -> str | None:
    """Why this account cannot use a directory or file of the host; None when it can."""
    try:
        needed = os.R_OK | os.X_OK if stat.S_ISDIR(os.stat(tree).st_mode) else os.R_OK  # noqa: PTH116  # as access below
    except OSError:
        needed = os.R_OK
    return None if os.access(tree, needed) else f"{tree} cannot be read by the account that runs programs"
