"""`codezest doctor --sandbox` and `--verify`: how well this machine isolates programs, tried out and signed."""

import base64
import json
import os
import platform
import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import codezest
from codezest.kit.settings import Settings
from codezest.services.learning.receipts import Signer, canonical, key_id_of, receipt_of, signature_holds
from codezest_sandbox import IsolationUnavailable, ProbeReport, Tier, probe
from codezest_sandbox.host import Launcher
from codezest_sandbox.interpreter import Interpreter, find_interpreter
from codezest_sandbox.report import NEEDED

FORMAT = "codezest-sandbox-report-1"
HOLDS, FAULTY, UNREADABLE = 0, 1, 2

_WAYS = ((Tier.NAMESPACES, Tier.NAMESPACES_CGROUP), (Tier.LANDLOCK, Tier.LANDLOCK))
"""Lowest and highest tier of each way to isolate."""


def examine(settings: Settings, output: Path | None) -> int:
    """Probe, see a hostile program fail at each tier there is, print what was found, and write it down signed.

    Returns HOLDS when the tier that the settings demand is had, else FAULTY.
    """
    report = probe()
    print(report)
    for tier in NEEDED:
        missing = report.missing(tier)
        print(f"{tier.name}: {'lacks ' + ', '.join(missing) if missing else 'has all it needs'}")
    tests = _self_tests(settings)
    for test in tests:
        print(f"self-test {test['asked']}: {'holds as ' + test['tier'] if test['holds'] else test['said']}")
    tier = max((Tier[test["tier"]] for test in tests), default=Tier.NONE)
    needed = Tier[settings.sandbox_tier]
    signer = Signer.of(settings)
    document = canonical(_document(report, tests, tier=tier, needed=needed, key_id=signer.key_id))
    if output is not None:
        output.write_text(json.dumps(receipt_of(document, signer.sign(document)), indent=2, ensure_ascii=False) + "\n")
        print(f"written to {output}, signed by key {signer.key_id}")
        print(f"public key {base64.b64encode(signer.public_key).decode()}")
    print(
        f"isolation {tier.name}, needed {needed.name}: {'programs are' if tier >= needed else 'no program is'} graded"
    )
    return HOLDS if tier >= needed else FAULTY


def _self_tests(settings: Settings) -> list[dict[str, Any]]:
    try:
        interpreter = find_interpreter(settings.sandbox_python or None)
    except IsolationUnavailable as reason:
        return [{"asked": lowest.name, "tier": "NONE", "holds": False, "said": str(reason)} for lowest, _ in _WAYS]
    return [_self_test(interpreter, lowest, highest) for lowest, highest in _WAYS]


def _self_test(interpreter: Interpreter, lowest: Tier, highest: Tier) -> dict[str, Any]:
    launcher = Launcher(interpreter, lowest_tier=lowest, highest_tier=highest)
    said = "a program that tried to get out did not"
    try:
        launcher.start()
    except IsolationUnavailable as reason:
        said = str(reason).partition("\n")[0]
    finally:
        launcher.close()
    holds = launcher.tier is not Tier.NONE
    return {"asked": lowest.name, "tier": launcher.tier.name, "holds": holds, "said": said}


def _document(
    report: ProbeReport, tests: list[dict[str, Any]], *, tier: Tier, needed: Tier, key_id: str
) -> dict[str, Any]:
    system = os.uname()
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "nonce": secrets.token_hex(16),
        "tier": tier.name,
        "needed_tier": needed.name,
        "kernel": f"{system.sysname} {system.release} {system.version}",
        "machine": system.machine,
        "host": system.nodename,
        "account": os.geteuid(),
        "versions": {"codezest": codezest.__version__, "python": platform.python_version()},
        "findings": [
            {"name": found.name, "ok": found.ok, "why": found.why, "fix": found.fix} for found in report.findings
        ],
        "missing": {each.name: list(report.missing(each)) for each in NEEDED},
        "self_tests": tests,
        "key_id": key_id,
    }


def verify(settings: Settings, path: Path, public_key: str | None) -> int:
    """Whether a report is as it was signed. HOLDS, FAULTY, or UNREADABLE when what was given is of no use.

    Args:
        settings: whose key is to have signed it, unless another is given.
        path: the report.
        public_key: 32 bytes in base64.
    """
    try:
        report = _report_in(path)
        key = Signer.of(settings).public_key if public_key is None else _key_in(public_key)
    except (OSError, ValueError, RecursionError) as error:
        print(f"{path} cannot be verified: {error}", file=sys.stderr)
        return UNREADABLE
    told = f"{report.get('tier')} on {report.get('host')}, {report.get('kernel')}, {report.get('made_at')}"
    if signature_holds(report, key):
        print(f"  ok    signed by key {key_id_of(key)}: {told}")
        return HOLDS
    if report.get("key_id") != key_id_of(key):
        print(f"  FAIL  signed by key {report.get('key_id')}, and the key given is {key_id_of(key)}")
    else:
        print("  FAIL  the report was changed after it was signed")
    return FAULTY


def _key_in(text: str) -> bytes:
    """Raises ValueError."""
    key = base64.b64decode(text.strip(), validate=True)
    if len(key) != 32:
        raise ValueError(f"{text[:60]!r} is no Ed25519 public key: 32 bytes in base64")
    return key


def _report_in(path: Path) -> Mapping[str, Any]:
    """Raises OSError, ValueError."""
    found: object = json.loads(path.read_text())
    if not isinstance(found, dict) or cast("dict[str, Any]", found).get("format") != FORMAT:
        raise ValueError(f"it is no report of the format {FORMAT}")
    return cast("dict[str, Any]", found)
