"""Argon2id at OWASP's 19 MiB and two passes, away from the event loop.

A file of its own because its resource, memory, must be bounded in one place: each check takes 19 MiB, so only as many run
at once as there are processors, and further ones wait in line.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from codezest.kit.tokens import new_token
from codezest.services.auth.rules import prepare_password

_argon2id = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
_threads = ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2), thread_name_prefix="password")


async def hash_password(password: str) -> str:
    """The hash under which a password is stored, its parameters and salt within."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _argon2id.hash, prepare_password(password))


async def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether the password is the one behind the hash; with it, a new hash to store where the parameters have changed.

    Without a stored hash the answer is no, at the same cost.
    """
    right, renewed = await asyncio.get_running_loop().run_in_executor(
        _threads, _verify, prepare_password(password), stored
    )
    return (right, renewed) if stored is not None else (False, None)


def _verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    return _argon2id.verify_and_update(password, stored or _nobodys_hash())


@cache
def _nobodys_hash() -> str:
    """What a password is compared with where there is no account."""
    return _argon2id.hash(new_token("nobody"))
