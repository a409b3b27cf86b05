"""Runs untrusted programs on Linux: one fresh sandbox per submission, nothing but the standard library.

`probe()` tells what this machine offers. `codezest_sandbox.host` starts a launcher and runs programs.
"""

from codezest_sandbox.limits import Limits
from codezest_sandbox.report import Finding, ProbeReport
from codezest_sandbox.result import CaseResult, Ending, PreparedResult, RunOutput
from codezest_sandbox.tiers import IsolationUnavailable, SandboxDied, SandboxError, Tier


def probe() -> ProbeReport:
    """Look at all that isolation needs. Starts nothing that stays, and takes some tens of milliseconds."""
    from codezest_sandbox.machine import probe as look  # the launcher imports this package and needs none of that

    return look()


__all__ = [
    "CaseResult",
    "Ending",
    "Finding",
    "IsolationUnavailable",
    "Limits",
    "PreparedResult",
    "ProbeReport",
    "RunOutput",
    "SandboxDied",
    "SandboxError",
    "Tier",
    "probe",
]
