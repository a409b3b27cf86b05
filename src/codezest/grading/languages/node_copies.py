"""Node made to copy itself, so that a program starts in three milliseconds instead of thirty.

What that takes is compiled once for each Node and tried out; where it does not work (Node 20 and 26 do not survive it, or
there is no C compiler), every program gets a Node of its own, and nothing but speed is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

from codezest.grading.languages.language import Toolchain
from codezest.grading.languages.prepared import WORKSHOP, prepared_folder
from codezest.grading.languages.probing import system_program
from codezest_sandbox.inside import TOOLCHAINS
from codezest_sandbox.runtime import Runtime

_TREE = "node-copies"
_FORKER = "forker.node"
_SCRIPTS = ("zygote.js", "syntax.js", "rehearsal.js")
_FLAGS = (
    "--v8-pool-size=0",
    "--single-threaded",
    "--disable-sigusr1",
    "--experimental-vm-modules",
)
_ENVIRONMENT = {"NODE_NO_WARNINGS": "1", "UV_USE_IO_URING": "0"}
_IDLE_BYTES = 24 << 20
"""Of a copy that does nothing."""
_MADE = "made"


def _sources() -> Mapping[str, str]:
    folder = resources.files("codezest_sandbox") / "node"
    return {name: (folder / name).read_text(encoding="utf-8") for name in ("forker.c", *_SCRIPTS)}


def with_copies(toolchain: Toolchain, node: Path) -> Toolchain:
    """The same toolchain, able to copy itself if that works here. Takes a second, once for each Node on a machine."""
    compiler = system_program("gcc") or system_program("cc")
    if compiler is None:
        return toolchain
    sources = _sources()
    folder = prepared_folder("node-copies", repr([toolchain.version, str(node), node.stat().st_size, sources, _FLAGS]))
    if folder is None:
        return toolchain

    def make(place: Path) -> Sequence[Sequence[str]]:
        place.mkdir()
        for name, text in sources.items():
            (place / name).write_text(text, encoding="utf-8")
        forker = str(place / _FORKER)
        environment = [f"{name}={value}" for name, value in {**_ENVIRONMENT, "LD_PRELOAD": forker}.items()]
        return (
            (str(compiler), "-shared", "-fPIC", "-O2", "-o", forker, str(place / "forker.c")),
            ("/usr/bin/env", *environment, str(node), *_FLAGS, str(place / "zygote.js"), forker, "check"),
        )

    if not WORKSHOP.make_now(folder / _MADE, make):
        return toolchain
    return replace(
        toolchain,
        trees={**toolchain.trees, _TREE: str(folder)},
        facts={**toolchain.facts, "copies": f"{TOOLCHAINS}/{_TREE}/{_MADE}"},
    )


def is_copied(toolchain: Toolchain) -> bool:
    return "copies" in toolchain.facts


def copied_runtime(toolchain: Toolchain, environment: Mapping[str, str]) -> Runtime | None:
    """A runtime whose sandboxes hold a warm Node; None where that does not work."""
    folder = toolchain.facts.get("copies")
    if folder is None:
        return None
    forker = f"{folder}/{_FORKER}"
    original = [toolchain.facts["executable"], *_FLAGS, f"{folder}/zygote.js", forker, "serve"]
    return Runtime(
        kind="node",
        policy="node",
        environment=environment,
        options={"original": original, "original_environment": {**_ENVIRONMENT, "LD_PRELOAD": forker}},
        idle_resident_bytes=_IDLE_BYTES,
        bounded_address_space=False,
    )
