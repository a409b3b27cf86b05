"""Names and places inside the sandbox."""

import os

WORK = "/tmp"  # noqa: S108  # of the sandbox, and fresh for every case
"""The only writable directory, and the directory programs start in."""

BUILD = "/program"
"""The submission's files and what compiling made of them. Read only once it has been compiled."""

TOOLCHAINS = "/toolchains"
"""Trees from outside /usr that languages need, each under its own name."""

ACCOUNT = (1000, 1000)
"""User and group as programs see their own."""

PYTHON = "/python"
"""Where an interpreter from outside /usr appears. Learners never see whose home it lives in."""

PACKAGES = "/sandbox"
"""Holds this package, for the launcher to import."""


def map_account(proc: int, inner: tuple[int, int], outer: tuple[int, int]) -> None:
    """Map one user and one group of the user namespace this process has just entered.

    Args:
        proc: descriptor of a /proc that shows this process.
        inner: ids within the namespace.
        outer: ids outside, those of this process.
    """
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inner[0]} {outer[0]} 1"),
        ("gid_map", f"{inner[1]} {outer[1]} 1"),
    ):
        descriptor = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
