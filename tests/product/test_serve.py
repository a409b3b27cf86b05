"""`codezest serve` as a newcomer meets it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from fixtures.product import ROOT, running_product

pytestmark = pytest.mark.slow


def _gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def test_two_run_side_by_side_and_each_stops_wholly() -> None:
    with running_product(fresh=True) as one, running_product(fresh=True) as two:
        assert httpx.get(f"{one.url}/languages").status_code == 200
        assert httpx.get(f"{two.url}/languages").status_code == 200
        processes = one.processes() + two.processes()
    assert _gone(processes)


def test_everything_leaves_with_a_killed_supervisor_and_starts_again() -> None:
    with running_product() as product:
        processes = product.processes()
        os.kill(product.process.pid, signal.SIGKILL)
        product.process.wait()
        assert _gone(processes)
        again = subprocess.Popen(
            [sys.executable, "-m", "codezest.cli.main", "serve"],
            env=product.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert again.stdout is not None
            lines = [again.stdout.readline() for _ in range(12)]
            text = "".join(lines)
            assert product.url in text
            assert "instructor@codezest.example" in text
            assert "Grading isolation" in text
        finally:
            again.send_signal(signal.SIGINT)
            assert again.wait(30) == 0
            assert again.stdout is not None
            again.stdout.close()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = subprocess.run(
            [sys.executable, "-m", "codezest.cli.main", "serve"],
            env=os.environ | {"CODEZEST_PORT": str(taken.getsockname()[1]), "CODEZEST_DATA_DIR": str(tmp_path)},
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert result.returncode == 1
    assert "is taken" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("CODEZEST_PORT", "x", "CODEZEST_PORT"),
        ("CODEZEST_SECRET_KEY", "short", "shorter than 32"),
        ("CODEZEST_ENVIRONMENT", "production", "production needs"),
    ],
)
def test_a_wrong_setting_is_said(variable: str, value: str, said: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "codezest.cli.main", "web"],
        env=os.environ | {variable: value}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
