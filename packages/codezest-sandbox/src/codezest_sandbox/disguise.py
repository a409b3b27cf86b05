"""Real places of the host in what compilers and programs say, put back to the names that places have inside a sandbox."""

import re
from collections.abc import Mapping

from codezest_sandbox.inside import BUILD, TOOLCHAINS, WORK


class Disguise:
    """For sandboxes that share the host's file system."""

    def __init__(self, places_begin_with: str, trees: Mapping[str, str]) -> None:
        """How the paths of sandboxes' directories begin, and the trees of the launcher."""
        self._names = {path.encode(): f"{TOOLCHAINS}/{name}".encode() for name, path in trees.items() if name[0] != "/"}
        longest_first = sorted(self._names, key=len, reverse=True)
        place = re.escape(places_begin_with.encode()) + rb"[0-9a-f]{32}/(?:(?P<work>work)|build)"
        self._pattern = re.compile(b"|".join([place, *map(re.escape, longest_first)]))

    def put_on(self, text: bytes) -> bytes:
        return self._pattern.sub(self._name, text)

    def _name(self, found: re.Match[bytes]) -> bytes:
        known = self._names.get(found[0])
        return known or (WORK if found["work"] else BUILD).encode()
