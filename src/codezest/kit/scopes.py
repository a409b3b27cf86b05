"""What a program may be allowed to do in somebody's name."""

from typing import Literal, get_args

Scope = Literal["read", "write:profile", "write:learning", "write:content", "teach"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

TOKEN_PREFIX = "czt"  # noqa: S105 - how tokens for programs begin, so that scanners of secrets find them
