"""Python by ruff: a curated choice of its rules, under names of ours. Runs in the process of `reading`."""

import json
import keyword
import subprocess
from collections.abc import Mapping
from typing import Any

from codezest.services.learning.analysers.measured import Measured

SECONDS = 10
CODES: Mapping[str, str] = {
    **dict.fromkeys(("N801", "N802", "N803", "N806", "N815", "N816"), "naming-style"),
    "E741": "unclear-name",
    "E742": "unclear-name",
    "E743": "unclear-name",
    **dict.fromkeys(("E701", "E702", "E703"), "several-statements"),
    "E101": "mixed-indentation",
    **dict.fromkeys(("SIM102", "PLR5501"), "collapsible-condition"),
    **dict.fromkeys(("SIM103", "SIM210", "SIM211", "E712"), "needless-boolean"),
    **dict.fromkeys(("RET505", "RET506", "RET507", "RET508"), "needless-else"),
    "PLR2004": "magic-number",
    "ERA001": "commented-out-code",
    "SIM114": "duplicated-branch",
    **dict.fromkeys(("PERF401", "PERF402", "PERF403"), "manual-list"),
    **dict.fromkeys(
        ("C400", "C401", "C402", "C403", "C404", "C405", "C409", "C410", "C411", "C413", "C414", "C416", "C418", "C419",
         "RUF015", "SIM118", "PLC0208"),
        "needless-collection",
    ),
    **dict.fromkeys(("PERF102", "PLC0206", "SIM401"), "repeated-lookup"),
    **dict.fromkeys(("SIM110", "PLR1730", "SIM113"), "reinvented-builtin"),
    **dict.fromkeys(("E722", "BLE001"), "broad-catch"),
    **dict.fromkeys(("S110", "S112"), "empty-catch"),
    **dict.fromkeys(("S307", "S102"), "dynamic-code"),
    "SIM115": "file-left-open",
    **dict.fromkeys(("PLW0603", "PLW0602"), "global-state"),
    "PLW2901": "loop-variable-overwritten",
    "B006": "mutable-default",
    "E731": "named-lambda",
    **dict.fromkeys(("B015", "B018"), "no-effect"),
    "E711": "none-comparison",
    **dict.fromkeys(("A001", "A002"), "shadowed-builtin"),
    "F403": "star-import",
    "F632": "string-identity",
    "E721": "type-comparison",
    "F821": "undefined-name",
    "F401": "unused-import",
    **dict.fromkeys(("F841", "B007"), "unused-variable"),
}  # fmt: skip
"""Rules of ruff by what they are here."""
UNREADABLE = "invalid-syntax"


def lint(found: Measured, path: str, text: str, *, ruff: str) -> list[int]:
    """Add what ruff finds in a text; returns the lines on which it cannot be read, none of them when it can.

    Configuration of any kind is ignored, comments in the text that would silence a rule included. Raises OSError,
    ValueError or subprocess.SubprocessError where ruff itself fails.
    """
    command = [
        ruff, "check", "--isolated", "--no-cache", "--quiet", "--ignore-noqa", "--exit-zero", "--output-format=json",
        "--target-version=py311", f"--select={','.join(CODES)}", "--stdin-filename=program.py", "-",
    ]  # fmt: skip
    ended = subprocess.run(  # noqa: S603 - a fixed program; the text goes in as its input
        command, input=text.encode(errors="replace"), capture_output=True, timeout=SECONDS, check=True, env={}
    )
    reported: list[dict[str, Any]] = json.loads(ended.stdout)
    unreadable = sorted({int(one["location"]["row"]) for one in reported if one["code"] == UNREADABLE})
    if unreadable:
        return unreadable
    for one in reported:
        rule = CODES.get(one["code"])
        if rule is not None:
            found.find(rule, path, int(one["location"]["row"]), _name(one["message"]))
    return []


def _name(message: str) -> str | None:
    """The first thing that ruff quotes, where it is a name."""
    quoted = message.partition("`")[2].partition("`")[0]
    return quoted[:60] if quoted.isidentifier() and not keyword.iskeyword(quoted) else None
