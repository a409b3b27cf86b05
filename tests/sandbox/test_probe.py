"""What the probe says of this machine and of worse ones."""

import os
from pathlib import Path

import pytest

import codezest_sandbox
from codezest.grading import Grader
from codezest_sandbox import Tier, machine, probe
from codezest_sandbox.host import Launcher
from codezest_sandbox.report import Finding

pytestmark = pytest.mark.sandbox


def test_the_probe_agrees_with_the_launcher(grader: Grader) -> None:
    report = probe()
    assert report.tier is grader.tier() >= Tier.NAMESPACES, str(report)
    assert all(finding.ok for finding in report.findings if finding.required)
    assert {"system", "kernel", "namespaces", "mounts", "seccomp"} <= {finding.name for finding in report.findings}


def test_the_probe_is_a_function_whatever_was_imported() -> None:
    assert Launcher
    assert callable(codezest_sandbox.probe)


def test_one_line_for_each_finding() -> None:
    report = probe()
    remedies = sum(bool(finding.fix) for finding in report.findings)
    assert len(str(report).splitlines()) == 1 + len(report.findings) + remedies


def test_elsewhere_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "architecture", lambda: None)
    report = probe()
    assert report.tier is Tier.NONE
    assert "Linux, amd64 or arm64" in str(report)


@pytest.mark.parametrize(
    ("switch", "value", "advice"),
    [
        ("_APPARMOR", "1", "/etc/apparmor.d/codezest-sandbox"),
        ("_SWITCH", "0", "kernel.unprivileged_userns_clone=1"),
        ("_COUNT", "0", "user.max_user_namespaces=15000"),
    ],
)
def test_each_obstacle_comes_with_its_remedy(
    switch: str, value: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_APPARMOR", "_SWITCH", "_COUNT"):
        monkeypatch.setattr(machine, name, tmp_path / name)
    (tmp_path / switch).write_text(value + "\n")
    assert advice in machine._how_to_allow("namespaces")


def test_an_old_kernel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.uname()
    old = os.uname_result((real.sysname, real.nodename, "5.10.0-23-amd64", real.version, real.machine))
    monkeypatch.setattr(os, "uname", lambda: old)
    report = probe()
    assert report.tier is Tier.NONE
    assert "5.14" in str(report)


def test_a_failed_requirement_is_marked() -> None:
    bad = Finding(name="x", ok=False, required=True, why="y", fix="z")
    assert str(bad).startswith("FAIL x: y")
    assert str(bad).endswith("z")
