"""The compiled standard library of Go, which the linker needs and newer versions do not come with.

Up to 1.19 it lies beside the compiler. For later ones it is compiled once, in the background, into a prepared folder.
"""

from collections.abc import Sequence
from pathlib import Path

from codezest.grading.languages.language import Toolchain
from codezest.grading.languages.prepared import WORKSHOP, prepared_folder
from codezest_sandbox.inside import TOOLCHAINS

TREE = "go-library"
"""Name of the folder below the sandbox's toolchains."""

_NAME = "std"
_CONFIGURATION = "importcfg"
_SCRIPT = f"""
set -e
mkdir {_NAME}
cd {_NAME}
"$1/bin/go" list -export -f '{{{{if .Export}}}}{{{{.ImportPath}}}} {{{{.Export}}}}{{{{end}}}}' std > ../found
while read -r name file; do
  mkdir -p "$(dirname "$name")"
  cp "$file" "$name.a"
  echo "packagefile $name={TOOLCHAINS}/{TREE}/{_NAME}/$name.a" >> ../{_CONFIGURATION}
done < ../found
mv ../{_CONFIGURATION} .
chmod -R a+rX .
"""


def shipped_library(root: Path, target: str, inner_root: str) -> str | None:
    """What compiler and linker read to find packages, for a toolchain that comes with them compiled.

    Args:
        root: of the toolchain on this machine.
        target: such as `linux_amd64`.
        inner_root: the same inside the sandbox.
    """
    base = root / "pkg" / target
    lines: list[str] = []
    try:
        for path in sorted(base.rglob("*.a")):
            inner = path.relative_to(root).as_posix()
            name = path.relative_to(base).with_suffix("").as_posix()
            if not name.startswith("cmd/"):
                lines.append(f"packagefile {name}={inner_root}/{inner}\n")
    except OSError:
        return None
    return "".join(lines) or None


def library_folder(version: str) -> Path | None:
    """Where the library is kept once it has been compiled."""
    return prepared_folder("go-library", version)


def compiled_library(toolchain: Toolchain, *, wait: bool = False) -> str | None:
    """As `shipped_library`, compiled by us. None while it is being made, in the background unless `wait`."""
    target = Path(toolchain.trees[TREE], _NAME)

    def make(place: Path) -> Sequence[Sequence[str]]:
        scratch = place.parent
        environment = (
            f"GOCACHE={scratch / 'cache'}",
            f"GOPATH={scratch / 'path'}",
            f"GOROOT={toolchain.facts['root']}",
            "CGO_ENABLED=0",
            "GOENV=off",
            "GOPROXY=off",
            "GOTOOLCHAIN=local",
        )
        return [["/usr/bin/env", *environment, "/bin/sh", "-c", _SCRIPT, "sh", toolchain.facts["root"]]]

    made = WORKSHOP.make_now(target, make) if wait else WORKSHOP.ask_for(target, make)
    try:
        return (target / _CONFIGURATION).read_text() if made else None
    except OSError:
        return None
