"""The report that `codezest doctor --sandbox` makes and signs."""

import json
from pathlib import Path
from typing import Any

import pytest

from codezest.cli import doctor_sandbox
from codezest.cli.main import main
from codezest.kit.settings import Settings
from codezest_sandbox import IsolationUnavailable, Tier
from codezest_sandbox.host import Launcher

pytestmark = pytest.mark.sandbox


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEZEST_DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def _written(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text())
    return report


def test_a_report_says_what_holds_and_can_be_verified(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "report.json"
    assert main(["doctor", "--sandbox", "--output", str(path)]) == 0
    report = _written(path)
    assert Tier[report["tier"]] >= Tier.NAMESPACES
    assert {test["asked"]: test["holds"] for test in report["self_tests"]}["NAMESPACES"] is True
    assert {found["name"] for found in report["findings"]} >= {"namespaces", "seccomp", "landlock"}
    assert report["missing"]["NAMESPACES"] == []
    assert main(["doctor", "--verify", str(path)]) == 0
    assert report["tier"] in capsys.readouterr().out


def test_a_changed_report_or_another_key_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "report.json"
    main(["doctor", "--sandbox", "--output", str(path)])
    report = _written(path)
    path.write_text(json.dumps(report | {"tier": "NONE"}))
    assert main(["doctor", "--verify", str(path)]) == 1
    assert "changed after it was signed" in capsys.readouterr().out
    path.write_text(json.dumps(report))
    other = "A" * 43 + "="
    assert main(["doctor", "--verify", str(path), "--key", other]) == 1
    assert "the key given is" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", '{"format": "codezest-receipt-1"}', "not json"])
def test_what_is_no_report_is_of_no_use(here: Path, text: str) -> None:
    path = here / "report.json"
    path.write_text(text)
    assert main(["doctor", "--verify", str(path)]) == 2


def test_a_machine_that_does_not_isolate_fails(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_launcher: Launcher) -> None:
        raise IsolationUnavailable("not on this machine\nwith details")

    monkeypatch.setattr(Launcher, "start", refuse)
    path = here / "report.json"
    settings = Settings(data_dir=here / "var")
    assert doctor_sandbox.examine(settings, path) == 1
    assert _written(path)["tier"] == "NONE"
    assert "no program is graded" in capsys.readouterr().out
