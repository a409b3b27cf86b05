"""What compiling made of a source, kept for the next submission that is the same to the last byte.

The key covers everything the result depends on: language, toolchain, commands and files. What a sandbox gave back is only
ever placed in sandboxes that were given the very same source, so that nobody runs what another's program could have left.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from codezest_sandbox.runtime import Build

_LARGEST_BYTES = 64 << 20
_LARGEST_ENTRY_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Compiled:
    """A success: files for BUILD, and what the compiler said of them."""

    artifacts: Mapping[str, bytes]
    said: str

    @property
    def size(self) -> int:
        return sum(map(len, self.artifacts.values())) + len(self.said)


class CompileCache:
    """In memory, the least recently used first to go. For one event loop."""

    def __init__(self, largest_bytes: int = _LARGEST_BYTES) -> None:
        self._entries: OrderedDict[str, Compiled] = OrderedDict()
        self._largest = largest_bytes
        self._size = 0

    @staticmethod
    def key(language: str, version: str, build: Build) -> str:
        digest = hashlib.sha256(json.dumps([language, version, build.entry, build.steps, build.artifacts]).encode())
        for name, content in sorted(build.files.items()):
            digest.update(f"\0{len(name.encode())}:{name}:{len(content)}:".encode())
            digest.update(content)
        return digest.hexdigest()

    def find(self, key: str) -> Compiled | None:
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def keep(self, key: str, compiled: Compiled) -> None:
        """Remember a success, unless it is too large or lacks what was to be made."""
        if not compiled.artifacts or compiled.size > _LARGEST_ENTRY_BYTES or key in self._entries:
            return
        self._entries[key] = compiled
        self._size += compiled.size
        while self._size > self._largest:
            _, oldest = self._entries.popitem(last=False)
            self._size -= oldest.size


def without_compiling(build: Build, compiled: Compiled) -> Build:
    """The same program, from what compiling made of it before."""
    return replace(build, files={**build.files, **compiled.artifacts}, steps=(), artifacts=())
