"""The set-up of a checkout, as far as it can be tried without a network: what it decides and what it says."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parent.parent / "packaging"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


needs = load("system_needs")
bootstrap = load("bootstrap")


@pytest.fixture
def finished(tmp_path: Path) -> object:
    """An environment as a set-up leaves it, with one package in it."""
    environment = bootstrap.Environment(tmp_path / ".venv")
    environment.scripts.mkdir(parents=True)
    environment.python.touch()
    environment.script("prebirka").touch()
    (environment.site_packages / "lxml-6.1.3.dist-info").mkdir(parents=True)
    (environment.venv / "pyvenv.cfg").touch()
    environment.unfinished.touch()
    environment.finish("the lock")
    return environment


def test_a_finished_environment_needs_nothing(finished) -> None:
    assert finished.plan("the lock") == "ready"


def test_another_lock_updates_the_environment(finished) -> None:
    assert finished.plan("another lock") == "update"


def test_an_environment_without_a_stamp_is_updated(finished) -> None:
    finished.stamp.unlink()
    assert finished.plan("the lock") == "update"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"packages": 1}', "null"])
def test_a_damaged_stamp_is_no_stamp(finished, damage: str) -> None:
    finished.stamp.write_text(damage)
    assert finished.plan("the lock") == "update"


def test_an_interrupted_set_up_is_begun_anew(finished) -> None:
    finished.unfinished.touch()
    assert finished.plan("the lock") == "rebuild"


def test_a_lost_package_is_noticed(finished) -> None:
    (finished.site_packages / "lxml-6.1.3.dist-info").rmdir()
    assert finished.plan("the lock") == "rebuild"


def test_an_environment_whose_python_is_gone_is_begun_anew(finished) -> None:
    finished.python.unlink()
    finished.python.symlink_to("/nonexistent/python3")
    assert finished.plan("the lock") == "rebuild"


def test_no_environment_at_all_is_made(tmp_path: Path) -> None:
    assert bootstrap.Environment(tmp_path / "nothing").plan("the lock") == "rebuild"


def test_the_stamp_names_what_was_installed(finished) -> None:
    assert json.loads(finished.stamp.read_text())["packages"] == ["lxml-6.1.3.dist-info"]
    assert not finished.unfinished.exists()


def test_the_fingerprint_keeps_its_parts_apart() -> None:
    assert bootstrap.fingerprint(b"ab", b"c") != bootstrap.fingerprint(b"a", b"bc")


def test_apt_is_asked_for_each_package_once_and_in_order() -> None:
    command = needs.install_command(["libgl1", "libegl1", "libgl1"])
    assert command == ["apt-get", "install", "-y", "--no-install-recommends", "libegl1", "libgl1"]


def test_what_is_missing_is_told_in_one_line_to_copy() -> None:
    absent = {"libEGL.so.1": "libegl1", "openssl": "openssl"}
    assert needs.line_to_copy(absent, debian=True) == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 openssl"
    )
    assert needs.line_to_copy(absent, debian=False) == (
        "Install with your system's package manager: libEGL.so.1, openssl"
    )


def test_libraries_of_a_display_are_wanted_only_for_a_window_on_one(monkeypatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert "libxcb-cursor.so.0" in needs.wanted_libraries(window=True)
    assert "libwayland-client.so.0" not in needs.wanted_libraries(window=True)
    assert needs.wanted_libraries(window=False) == needs.QT_LIBRARIES
    monkeypatch.delenv("DISPLAY")
    assert needs.wanted_libraries(window=True) == needs.QT_LIBRARIES


def test_a_missing_library_is_noticed(monkeypatch) -> None:
    monkeypatch.setattr(needs, "QT_LIBRARIES", {"libnothing-of-this-name.so.9": "libnothing9"})
    assert needs.missing(window=False)["libnothing-of-this-name.so.9"] == "libnothing9"


def test_who_is_not_root_is_told_and_nothing_is_installed(monkeypatch, capsys) -> None:
    monkeypatch.setattr(needs, "missing", lambda **_: {"libEGL.so.1": "libegl1"})
    monkeypatch.setattr(needs, "run_apt", lambda _: pytest.fail("installed"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert bootstrap.main(["setup"]) == bootstrap.EXIT_SYSTEM
    assert "libegl1" in capsys.readouterr().out or needs.shutil.which("apt-get") is None


def test_root_on_debian_installs_and_looks_again(monkeypatch) -> None:
    absences = iter([{"openssl": "openssl", "libGL.so.1": "libgl1"}, {}])
    installed = []
    monkeypatch.setattr(needs, "missing", lambda **_: next(absences))
    monkeypatch.setattr(needs, "run_apt", lambda packages: installed.extend(packages) or True)
    monkeypatch.setattr(needs.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    needs.satisfy(window=False)
    assert installed == ["libgl1", "openssl"]


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (["tests/x.py"], ["-n", "2", "tests/x.py"]),
        (["-n", "0"], ["-n", "0"]),
        (["-n4", "x"], ["-n4", "x"]),
        (["x", "--pdb"], ["x", "--pdb"]),
        ([], ["-n", "2"]),
    ],
)
def test_tests_run_in_two_processes_unless_told_otherwise(given: list[str], passed: list[str]) -> None:
    assert bootstrap.pytest_arguments(given) == passed


def test_the_help_names_every_command(capsys) -> None:
    assert bootstrap.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert [name for name in bootstrap.COMMANDS if f"bootstrap.py {name}" not in text] == []


@pytest.mark.parametrize("wrong", [["tset"], ["setup", "--frsh"], ["bench", "no-such-benchmark"], []])
def test_wrong_arguments_are_told_before_anything_is_prepared(wrong: list[str], monkeypatch) -> None:
    monkeypatch.setattr(bootstrap, "set_up", lambda *_, **__: pytest.fail("prepared"))
    assert bootstrap.main(wrong) == bootstrap.EXIT_USAGE


def test_an_old_python_is_told_in_one_sentence(tmp_path: Path) -> None:
    lines = (PACKAGING / "bootstrap.py").read_text("utf-8").replace("(3, 11)", "(99, 0)")
    (tmp_path / "bootstrap.py").write_text(lines, "utf-8")
    run = subprocess.run([sys.executable, tmp_path / "bootstrap.py", "test"], capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer" in run.stderr


def test_a_set_up_waits_for_another(monkeypatch, capsys) -> None:
    fcntl = pytest.importorskip("fcntl")
    asked = []

    def flock(handle: object, how: int) -> None:
        asked.append(how)
        if how & fcntl.LOCK_NB:
            raise BlockingIOError

    monkeypatch.setattr(fcntl, "flock", flock)
    with bootstrap.alone():
        assert asked == [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX]
    assert "waiting" in capsys.readouterr().out


UNSTEADY = """
import pathlib

def test_that_waits_too_short_a_time():
    before = pathlib.Path(__file__).with_name("ran")
    passes = before.exists()
    before.touch()
    assert passes

def test_of_a_wrong_program():
    assert {}
"""


@pytest.mark.parametrize(("right", "code"), [(True, 0), (False, 1)], ids=["unsteady", "wrong"])
def test_a_failed_test_is_tried_once_more_and_a_wrong_program_still_fails(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    right: bool,
    code: int,
) -> None:
    (tmp_path / "test_it.py").write_text(UNSTEADY.format(right), "utf-8")
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(
        bootstrap, "LAST_FAILED", tmp_path / bootstrap.LAST_FAILED.relative_to(PACKAGING.parent)
    )
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytest_command = [sys.executable, "-m", "pytest", "-q", "-p", "xdist.plugin", "--rootdir", str(tmp_path)]
    first = subprocess.run([*pytest_command, "-n", "2"], cwd=tmp_path, check=False, capture_output=True)
    assert first.returncode == bootstrap.PYTEST_FAILED
    assert bootstrap.once_more_alone(pytest_command, dict(os.environ)) == code
    assert ("UNSTEADY" in capsys.readouterr().out) is right


def test_only_tests_and_benchmarks_need_a_web_server() -> None:
    assert "nginx" not in needs.wanted_programs("demo") | needs.wanted_programs("setup")
    assert needs.wanted_programs("test")["nginx"] == "nginx"
    assert {"nginx", "wrk"} <= needs.wanted_programs("bench").keys()


def test_a_server_is_found_where_only_root_looks(monkeypatch, tmp_path: Path) -> None:
    program = tmp_path / "nginx-of-this-test"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(needs, "MORE_FOLDERS", (str(tmp_path),))
    assert needs.find_program(program.name) == str(program)
    assert needs.find_program("no-program-of-this-name") is None


def test_a_missing_program_is_named_with_its_package(monkeypatch) -> None:
    monkeypatch.setattr(needs, "TEST_PROGRAMS", {"no-program-of-this-name": "its-package"})
    assert needs.missing(window=False, command="test")["no-program-of-this-name"] == "its-package"
    assert "no-program-of-this-name" not in needs.missing(window=False, command="demo")


def test_no_server_starts_while_packages_are_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with needs.no_service_starts(policy):
        assert subprocess.run([policy]).returncode == 101
    assert not policy.exists()


def test_a_machine_with_a_policy_keeps_it(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("its own")
    with needs.no_service_starts(policy):
        assert policy.read_text() == "its own"
    assert policy.read_text() == "its own"
