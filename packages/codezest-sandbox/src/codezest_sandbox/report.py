"""What a probe of the machine says."""

from dataclasses import dataclass

from codezest_sandbox.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    required: bool
    """Whether the tier NAMESPACES needs it."""
    why: str
    """What was found."""
    fix: str = ""
    """What an operator may do about it; empty when nothing need or can be done."""

    def __str__(self) -> str:
        mark = "ok  " if self.ok else "FAIL" if self.required else "no  "
        return f"{mark} {self.name}: {self.why}" + (f"\n     → {self.fix}" if self.fix else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """The tier that can be expected, and why. A launcher's own self-test has the last word."""

    tier: Tier
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        return "\n".join([f"sandbox tier: {self.tier.name}", *map(str, self.findings)])
