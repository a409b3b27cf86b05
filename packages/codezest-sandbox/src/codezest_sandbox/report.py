"""What a probe of the machine says."""

from collections.abc import Mapping
from dataclasses import dataclass

from codezest_sandbox.tiers import Tier

MEMORY_CGROUP = "memory cgroup"
_LANDLOCK = frozenset({"system", "kernel", "process tree in /proc", "seccomp", "landlock"})
_NAMESPACES = _LANDLOCK - {"landlock"} | {"namespaces", "mounts"}
NEEDED: Mapping[Tier, frozenset[str]] = {
    Tier.LANDLOCK: _LANDLOCK,
    Tier.NAMESPACES: _NAMESPACES,
    Tier.NAMESPACES_CGROUP: _NAMESPACES | {MEMORY_CGROUP},
}
"""Names of the findings that each tier rests on."""


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
    certain: bool = True
    """False where the look itself failed, as it does for want of memory."""

    def __str__(self) -> str:
        mark = "ok  " if self.ok else "FAIL" if self.required else "no  "
        return f"{mark} {self.name}: {self.why}" + (f"\n     → {self.fix}" if self.fix else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """The tier that can be expected, and why. A launcher's own self-test has the last word."""

    findings: tuple[Finding, ...]

    @property
    def tier(self) -> Tier:
        return max((tier for tier in NEEDED if not self.missing(tier)), default=Tier.NONE)

    def missing(self, tier: Tier) -> tuple[str, ...]:
        """Names of what a tier needs and this machine does not have."""
        found = {finding.name for finding in self.findings if finding.ok}
        return tuple(sorted(NEEDED[tier] - found))

    def excludes(self, lowest: Tier) -> bool:
        """Whether this tier and all better ones are out of the question. A look that failed excludes nothing."""
        bad = {finding.name for finding in self.findings if finding.certain and not finding.ok}
        return all(bad & needed for tier, needed in NEEDED.items() if tier >= lowest)

    def __str__(self) -> str:
        return "\n".join([f"sandbox tier: {self.tier.name}", *map(str, self.findings)])
