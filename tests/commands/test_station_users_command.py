"""`prebirka station users`: accounts from the command line, passwords never on it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.reference import app as reference_app
from app.commands.station import app
from app.election.errors import KnownError
from app.station.errors import RoleRefused
from app.station.station import Station
from app.station.users.errors import NoSuchAccount, WrongPassword
from app.trust import passwords
from app.trust.identity import Role
from app.trust.keys import save_key
from app.trust.lockout import LOCK_AFTER
from tests.support import people, station_world
from tests.support.invented_election import POINT
from tests.support.people import CLERK, OTHER, PASSWORDS, SUPERVISOR, Counting
from tests.support.station_world import Clock, make_station

NOW = "2024-09-21T12:45:00"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(passwords.Passwords.__init__, "__defaults__", (people.CHEAP,))
    return make_station(tmp_path)


def run(*arguments: object, status: int = 0, typed: str = "") -> str:
    result = CliRunner().invoke(app, ["users", *(str(each) for each in arguments)], input=typed)
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


def first(folder: Path) -> str:
    return run("add", folder, "stastna", "--name", SUPERVISOR, "--role", "vedouci", "--now", NOW,
               typed=f"{PASSWORDS[SUPERVISOR]}\n")  # fmt: skip


def test_the_first_supervisor_needs_nobody_and_everybody_else_a_supervisor(folder: Path) -> None:
    assert "žádné uživatele" in run("list", folder, "--now", NOW)
    told = first(folder)
    assert PASSWORDS[SUPERVISOR] not in told
    run("add", folder, "riha", "--name", OTHER, "--now", NOW, typed="dočasné heslo 1\n", status=2)
    run("add", folder, "novakova", "--name", CLERK, "--by", "stastna", "--now", NOW,
        typed=f"{PASSWORDS[SUPERVISOR]}\ndočasné heslo 1\n")  # fmt: skip
    told = run("list", folder, "--now", NOW)
    assert "stastna              supervisor  Věra Šťastná\n" in told
    assert "novakova             clerk       Jana Nováková  dočasné heslo" in told


def test_a_clerk_or_a_wrong_password_adds_nobody(folder: Path) -> None:
    with Station.open(folder, Clock(), passwords=Counting()) as station:
        people.usual(station)
    wanted = ("add", folder, "novy", "--name", "Nový Člověk", "--now", NOW)
    with pytest.raises(RoleRefused):
        run(*wanted, "--by", "novakova", typed=f"{PASSWORDS[CLERK]}\ndočasné heslo 1\n")
    with pytest.raises(WrongPassword):
        run(*wanted, "--by", "stastna", typed="úplně jiné heslo\ndočasné heslo 1\n")
    run(*wanted, "--role", "ředitel", status=2)
    assert "Nový" not in run("list", folder, "--now", NOW)


def test_a_clerk_cannot_be_the_first(folder: Path) -> None:
    run("add", folder, "novakova", "--name", CLERK, "--now", NOW, typed="dočasné heslo 1\n", status=2)


def test_the_only_supervisor_is_released_and_the_journal_says_by_whom(folder: Path) -> None:
    first(folder)
    clock = Clock()
    with Station.open(folder, clock, passwords=Counting()) as station:
        for _ in range(LOCK_AFTER):
            clock.advance(61)
            with pytest.raises(WrongPassword):
                station.users.signing.sign_in("stastna", "úplně jiné heslo")
    assert "zablokovaný" in run("list", folder, "--now", NOW)
    with pytest.raises(NoSuchAccount):
        run("release", folder, "nikdo", "--now", NOW)
    assert SUPERVISOR in run("release", folder, "stastna", "--now", NOW)
    with Station.open(folder, clock, passwords=Counting()) as station:
        last = list(station.journal.entries(limit=1000))[-1]
        assert (last.act, last.user.startswith("příkazová řádka (")) == ("account-released", True)


def test_a_file_that_is_no_signed_one_is_refused_with_its_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ucty.p7m").write_bytes(b"nonsense")
    with pytest.raises(KnownError, match="USR-21"):
        run("import", folder, tmp_path / "ucty.p7m", "--now", NOW)


def prepared(folder: Path, tmp_path: Path, table: str, status: int = 0) -> str:
    """What the centre prepares for the point from a table of people."""
    signer = station_world.authority("zk2024").of_role(Role.REFERENCE)
    save_key(signer.key, tmp_path / "reference.key", None)
    (tmp_path / "reference.pem").write_bytes(signer.certificate.to_pem())
    (tmp_path / "lide.csv").write_text(table, "utf-8")
    arguments = ("accounts", tmp_path / "lide.csv", "--reference", folder / "reference.sqlite", "--point",
                 POINT, "--key", tmp_path / "reference.key", "--certificate", tmp_path / "reference.pem",
                 "--out", tmp_path / "accounts.p7m")  # fmt: skip
    result = CliRunner().invoke(reference_app, [str(each) for each in arguments])
    assert result.exit_code == status, result.output
    return result.output


def test_people_whom_the_centre_prepared_sign_in_with_the_printed_passwords(
    folder: Path, tmp_path: Path
) -> None:
    table = f"login,jmeno,role\nstastna,{SUPERVISOR},vedouci\nnovakova,Jana  Nováková,obsluha\n"
    told = prepared(folder, tmp_path, table).splitlines()
    given = {line.split()[0]: line.split()[-1] for line in told[:2]}
    (folder / "accounts.p7m").write_bytes((tmp_path / "accounts.p7m").read_bytes())
    with Station.open(folder, lambda: datetime.now(UTC), passwords=Counting()) as station:
        assert station.users.delivery.trouble is None
        for login, name in (("stastna", SUPERVISOR), ("novakova", CLERK)):
            account = station.users.signing.sign_in(login, given[login])
            assert (account.name, account.temporary) == (name, True)
    assert "0" in run("import", folder, tmp_path / "accounts.p7m")


@pytest.mark.parametrize("table", ["", "login,jmeno\nnovakova,Jana\n", "login,jmeno,role\nn,J,ředitel\n"])
def test_a_table_that_says_too_little_prepares_nobody(folder: Path, tmp_path: Path, table: str) -> None:
    prepared(folder, tmp_path, table, status=2)
    assert not (tmp_path / "accounts.p7m").exists()
