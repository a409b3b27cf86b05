"""What is missing is said, and breaks nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from codezest.grading.languages import Language, Missing, Toolchain, bash, c, cpp, gnu, go, languages, rust
from codezest.grading.languages.availability import available_languages
from codezest.grading.languages.probing import is_script, output_of, programs, version_in, visible_inside

MINE: dict[str, Callable[[], Language]] = {
    "bash": bash.Bash,
    "c": c.C,
    "cpp": cpp.Cpp,
    "go": go.Go,
    "rust": rust.Rust,
}


def _no_program(name: str) -> None:
    del name


def _as_in_usr_bin(name: str) -> Path:
    return Path("/usr/bin", name)


def test_every_language_is_looked_for() -> None:
    found = available_languages(languages())
    assert list(found) == [language.key for language in languages()]
    for answer in found.values():
        assert isinstance(answer, Toolchain) or (answer.why and answer.install)


def test_one_that_cannot_be_looked_for_breaks_no_other() -> None:
    class Broken(bash.Bash):
        key = "broken"

        def find(self) -> Toolchain | Missing:
            raise OSError("torn")

    found = available_languages([Broken(), bash.Bash()])
    assert isinstance(found["broken"], Missing)
    assert "torn" in found["broken"].why
    assert isinstance(found["bash"], Toolchain)


@pytest.mark.parametrize("key", MINE)
def test_a_missing_toolchain_is_named_with_the_command_that_installs_it(
    key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RUSTUP_HOME", str(tmp_path))
    for module in (bash, gnu, rust):
        monkeypatch.setattr(module, "system_program", _no_program)
    monkeypatch.setattr(go, "_USUAL_FOLDERS", ())
    found = MINE[key]().find()
    assert isinstance(found, Missing)
    assert found.install.startswith("apt-get install ")


def test_rust_is_found_behind_rustup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = tmp_path / "rustup" / "toolchains" / "stable-x" / "bin" / "rustc"
    real.parent.mkdir(parents=True)
    (real.parent.parent / "lib" / "rustlib").mkdir(parents=True)
    real.write_text("#!/bin/sh\necho rustc 1.99.0\n")
    real.chmod(0o755)
    (tmp_path / "rustup" / "settings.toml").write_text('default_toolchain = "stable-x"\n')
    shim = tmp_path / "bin" / "rustup"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\nexit 1\n")
    shim.chmod(0o755)
    (tmp_path / "bin" / "rustc").symlink_to(shim)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RUSTUP_HOME", str(tmp_path / "rustup"))
    monkeypatch.setattr(rust, "system_program", _as_in_usr_bin)

    def only_the_shim(name: str, folders: object) -> list[Path]:
        del name, folders
        return [shim]

    monkeypatch.setattr(rust, "programs", only_the_shim)
    found = rust.Rust().find()
    assert isinstance(found, Toolchain)
    assert found.version == "rustc 1.99.0"
    assert found.trees == {"rust": str(tmp_path / "rustup" / "toolchains" / "stable-x")}


def test_programs_are_found_once_with_links_resolved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("#!/bin/sh\n")
    real.chmod(0o755)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tool").symlink_to(real)
    monkeypatch.setenv("PATH", f"{tmp_path / 'one'}:{tmp_path / 'none'}")
    assert list(programs("tool", [tmp_path / "two"])) == [real]
    assert is_script(real)
    assert is_script(tmp_path / "none")


def test_what_commands_say_is_asked_carefully() -> None:
    assert version_in("g++ (Debian 12.2.0-14) 12.2.0") == "12.2.0"
    assert version_in(None) is None
    assert output_of("/nonsense") is None
    assert output_of("/bin/false") is None


@pytest.mark.parametrize(("path", "seen"), [("/usr/bin/gcc", True), ("/usr/local/bin/gcc", False), ("/opt/go", False)])
def test_sandboxes_see_the_distribution_only(path: str, seen: bool) -> None:  # a column of a table
    assert visible_inside(Path(path)) is seen
