"""The command `prebirka` itself: its table, what its start costs, and how known troubles are told."""

import subprocess
import sys
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from app import cli
from app.election.errors import KnownError

HEAVY = ("PySide6", "lxml", "sqlalchemy", "sqlite_utils", "httpx", "cryptography", "starlette", "uvicorn")


@pytest.fixture
def failing(monkeypatch) -> list[str]:
    """A command of its own in the table, that meets a known trouble."""
    module = ModuleType("failing_command")
    module.app = typer.Typer()

    @module.app.command()
    def failing() -> None:
        raise KnownError("E-TEST", "Soubor je prázdný.", "The file is empty.")

    monkeypatch.setitem(sys.modules, "failing_command", module)
    monkeypatch.setitem(cli.COMMANDS, "failing", cli.LazyCommand("failing_command:app", "Selže.", "Fails."))
    return ["failing"]


def test_a_known_trouble_is_two_sentences_and_exit_code_2(failing: list[str]) -> None:
    result = CliRunner().invoke(cli.root, failing)
    assert result.exit_code == cli.KNOWN_ERROR_EXIT
    assert result.stderr == "Chyba: Soubor je prázdný.\nError: The file is empty. [E-TEST]\n"


def test_debug_shows_where_a_known_trouble_came_from(failing: list[str]) -> None:
    result = CliRunner().invoke(cli.root, ["--debug", *failing])
    assert isinstance(result.exception, KnownError)


def test_the_help_lists_every_command_in_both_languages_and_imports_none(monkeypatch) -> None:
    monkeypatch.setattr(cli, "load", lambda _: pytest.fail("imported"))
    result = CliRunner().invoke(cli.root, ["--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    for name, entry in cli.COMMANDS.items():
        assert name in result.output
        assert entry.cs in result.output
        assert entry.en in result.output


def test_the_start_of_the_command_imports_nothing_heavy() -> None:
    heavy = f"import sys, app.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(cli.root, ["version"])
    assert result.exit_code == 0
    assert result.output.startswith("Přebírka 0.1.0")


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(cli.root, ["nothing"])
    assert result.exit_code == 2
    assert "nothing" in result.output
