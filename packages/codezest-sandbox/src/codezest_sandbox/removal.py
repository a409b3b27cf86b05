"""Emptying a directory that a hostile program has filled: deep trees, locked folders, links that lead elsewhere.

Nothing is followed, nothing recurses, and no more than two descriptors are open: a folder that lies deeper is first moved
to the top. No process may be left that changes the tree meanwhile.
"""

import contextlib
import os
import stat

_UNLOCKED = 0o700


def empty(directory: int) -> None:
    """Remove all that is in a directory, whose descriptor this is; the directory itself stays. Raises OSError."""
    os.fchmod(directory, _UNLOCKED)
    moved = 0
    while names := os.listdir(directory):  # a descriptor has no path
        for name in names:
            if not _is_folder(directory, name):
                os.unlink(name, dir_fd=directory)
                continue
            folder = _open_unlocked(directory, name)
            try:
                moved = _lift_all(folder, directory, moved)
            finally:
                os.close(folder)
            os.rmdir(name, dir_fd=directory)


def _lift_all(folder: int, top: int, moved: int) -> int:
    """Remove the files of a folder and move its folders to the top. Returns how many names have been tried so far."""
    for name in os.listdir(folder):  # as above
        if not _is_folder(folder, name):
            os.unlink(name, dir_fd=folder)
            continue
        os.close(_open_unlocked(folder, name))  # moving changes what `..` in it means, and so writes to it
        while True:
            moved += 1
            with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
                target = f"moved-{moved}"
                if not _exists(top, target):
                    os.rename(name, target, src_dir_fd=folder, dst_dir_fd=top)
                    break
    return moved


def _is_folder(directory: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode)


def _exists(directory: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _open_unlocked(directory: int, name: str) -> int:
    os.chmod(name, _UNLOCKED, dir_fd=directory)  # it has just been seen to be no link
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)


def remove(parent: int, name: str) -> None:
    """Remove a directory and all in it. Raises OSError."""
    directory = _open_unlocked(parent, name)
    try:
        empty(directory)
    finally:
        os.close(directory)
    os.rmdir(name, dir_fd=parent)
