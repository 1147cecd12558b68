"""From an office's packages to stations in service, by the commands, over a real centre and by files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from app.commands.central import app as central_command
from app.commands.provision import app as provision_command
from app.commands.station import app as station_command
from app.commands.trust import app as trust_command
from app.documents import package as packages
from app.documents.package import Package
from app.election.errors import KnownError
from app.station.transport import HttpTransport
from app.trust import authority, keys, message
from app.trust.identity import Identity, Role
from tests.support.centre_process import CentreProcess, running
from tests.support.invented_election import OTHER_POINT
from tests.support.provisioned import POINT, House

COMMANDS = {
    "central": central_command, "provision": provision_command, "station": station_command,
    "trust": trust_command,
}  # fmt: skip


def run(*arguments: object, status: int = 0, **environ: str) -> str:
    family, *rest = (str(each) for each in arguments)
    result = CliRunner().invoke(COMMANDS[family], rest, env=environ)
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == status, (result.output, result.exception)
    return result.output


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House.build(tmp_path_factory.mktemp("office"))
    keys.save_key(house.ca_key, house.base / "ca.key", None)
    return house


@pytest.fixture
def centre_folder(house: House, tmp_path: Path) -> Path:
    """An empty centre of each test's own: whom another test expects must not be listed here."""
    folder, base = tmp_path / "centre", house.base
    run("central", "init", folder, "--ca", base / "ca.pem", "--key", base / "centre.key",
        "--certificate", base / "centre.pem", "--reference", base / "reference.sqlite")  # fmt: skip
    return folder


@pytest.fixture
def centre(centre_folder: Path) -> Iterator[CentreProcess]:
    with running(centre_folder, datetime.now(ZoneInfo("Europe/Prague"))) as process:
        yield process


def office(house: House, url: str) -> list[object]:
    base = house.base
    return [
        "--reference", base / "reference.sqlite", "--ca", base / "ca.pem", "--centre", base / "centre.pem",
        "--centre-url", url, "--key", base / "reference.key", "--certificate", base / "reference.pem",
    ]  # fmt: skip


def read(path: Path) -> Package:
    return packages.read(message.decode(path.read_bytes()).content or b"")


def enrol(house: House, folder: Path, package: Path, *more: object, status: int) -> dict[str, str]:
    told = run("station", "enrol", folder, "--provision", package, "--fingerprint", house.ca.fingerprint,
               "--json", *more, status=status)  # fmt: skip
    return json.loads(told)


def test_a_station_is_enrolled_over_the_network_without_anybody_watching(
    house: House, centre: CentreProcess, centre_folder: Path, tmp_path: Path
) -> None:
    out, folder = tmp_path / "packages", tmp_path / "station"
    run("provision", "point", POINT, *office(house, centre.url), "--out", out, "--workstations", 2)
    file = out / f"{POINT}-1.p7m"
    with pytest.raises(AssertionError, match="ING-50"):
        enrol(house, folder, file, "--send", status=3)
    run("central", "enrolment", "expect", centre_folder, out / f"centre-{POINT}.p7m")
    waits = enrol(house, folder, file, "--send", status=3)
    assert (waits["state"], waits["station"]) == ("waits", f"{POINT}-1")
    listed = json.loads(run("central", "enrolment", "list", centre_folder, "--json"))
    assert [(one["station"], bool(one["asked_at"]), one["issued_at"]) for one in listed] == [
        (f"{POINT}-1", True, ""), (f"{POINT}-2", False, ""),
    ]  # fmt: skip
    assert listed[0]["key_fingerprint"] == waits["key"]
    run("central", "enrolment", "export", centre_folder, "--out", tmp_path / "requests")
    run("trust", "issue-all", tmp_path / "requests", "--ca", house.base, "--out", tmp_path / "issued")
    run("central", "enrolment", "take", centre_folder, tmp_path / "issued" / f"{POINT}-1.pem")
    assert enrol(house, folder, file, "--send", status=0)["state"] == "in service"
    assert enrol(house, folder, file, "--send", status=0)["state"] == "in service", "again does no harm"
    assert f"Station {POINT}-1" in run("station", "status", folder)
    run("central", "enrolment", "export", centre_folder, "--out", tmp_path / "rest")
    assert list((tmp_path / "rest").iterdir()) == []


def test_a_token_works_for_one_key_and_one_workstation(
    house: House, centre: CentreProcess, centre_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "packages"
    run("provision", "point", OTHER_POINT, *office(house, centre.url), "--out", out, "--workstations", 4)
    run("central", "enrolment", "expect", centre_folder, out / f"centre-{OTHER_POINT}.p7m")
    token = read(out / f"{OTHER_POINT}-3.p7m").token

    def request(number: int) -> bytes:
        identity = Identity(Role.STATION, "zk2024", OTHER_POINT, f"{OTHER_POINT}-{number}")
        return authority.make_request(keys.make_key(), identity)

    with HttpTransport(centre.url, house.base) as transport:
        first = request(3)
        assert transport.enrol(first, token).status == 202
        assert transport.enrol(first, token).status == 202
        for code, data, given in (
            ("ING-51", request(3), token),
            ("ING-53", request(4), token),
            ("ING-52", b"no request", token),
            ("ING-50", first, "0" * 64),
            ("ING-50", first, ""),
            ("ING-01", b"x" * 5000, token),
        ):
            answer = transport.enrol(data, given)
            assert code.encode() in answer.body, (code, answer)
            assert answer.status >= 400
        newer = tmp_path / "newer"
        more = ("--out", newer, "--workstations", 3, "--serial", 999_999_999)
        run("provision", "point", OTHER_POINT, *office(house, centre.url), *more)
        run("central", "enrolment", "expect", centre_folder, newer / f"centre-{OTHER_POINT}.p7m")
        assert b"ING-50" in transport.enrol(first, token).body, "a newer package ends the older one"


def test_a_station_is_enrolled_by_files(house: House, tmp_path: Path) -> None:
    out, folder = tmp_path / "packages", tmp_path / "station"
    run("provision", "point", POINT, *office(house, "https://ustredi.example"), "--out", out, "--no-token")
    assert not (out / f"centre-{POINT}.p7m").exists()
    file = out / f"{POINT}-1.p7m"
    enrol(house, folder, file, "--request-out", tmp_path / "stick", status=3)
    assert enrol(house, folder, file, "--send", status=2)["code"] == "PRO-18"
    run("trust", "issue-all", tmp_path / "stick", "--ca", house.base, "--out", tmp_path / "issued")
    told = run("station", "enrol", folder, "--certificate", tmp_path / "issued" / f"{POINT}-1.pem")
    assert "v provozu" in told
    assert f"Station {POINT}-1" in run("station", "status", folder)


def test_whom_to_trust_has_to_be_said(house: House, tmp_path: Path) -> None:
    (tmp_path / "1.p7m").write_bytes(house.package())
    given = ("station", "enrol", tmp_path / "station", "--provision", tmp_path / "1.p7m")
    with pytest.raises(KnownError, match="PRO-13"):
        run(*given)
    with pytest.raises(KnownError, match="PRO-06"):
        run(*given, "--fingerprint", "0" * 64)
    other = House.build(tmp_path / "other")
    with pytest.raises(KnownError, match="PRO-06"):
        run(*given, "--ca", other.base / "ca.pem")
    assert not (tmp_path / "station").exists()
    run(*given, "--ca", house.base / "ca.pem", status=3)
    assert (tmp_path / "station" / "package.p7m").exists()


def test_the_folder_is_the_one_of_the_environment_when_none_is_said(house: House, tmp_path: Path) -> None:
    (tmp_path / "1.p7m").write_bytes(house.package())
    run("station", "enrol", "--provision", tmp_path / "1.p7m", "--ca", house.base / "ca.pem", status=3,
        PREBIRKA_FOLDER=str(tmp_path / "here"))  # fmt: skip
    assert (tmp_path / "here" / "station.csr").exists()


def test_packages_of_all_points_with_their_people_and_passwords(house: House, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        f"misto,login,jmeno,role\n{POINT},jana,Jana Nová,vedouci\n{POINT},karel,Karel Dvořák,obsluha\n"
    )
    (tmp_path / "counts.csv").write_text(f"misto,pocet\n{POINT},2\n{POINT + 1},1\n")
    out = tmp_path / "out"
    told = run("provision", "all", *office(house, "https://ustredi.example"), "--out", out, "--people",
               tmp_path / "people.csv", "--workstations", tmp_path / "counts.csv",
               "--set", "lock_minutes=5")  # fmt: skip
    assert "computers 3" in told
    names = sorted(str(file.relative_to(out)) for file in out.rglob("*") if file.is_file())
    assert names == [
        f"{POINT}/{POINT}-1.p7m", f"{POINT}/{POINT}-2.p7m", f"{POINT + 1}/{POINT + 1}-1.p7m", "centre.p7m",
        f"passwords/{POINT}.csv",
    ]  # fmt: skip
    shown = json.loads(run("provision", "show", out / str(POINT) / f"{POINT}-2.p7m", "--json"))
    assert (shown["station"], shown["accounts"], shown["settings"]) == (
        f"{POINT}-2",
        2,
        {"lock_minutes": "5"},
    )
    assert shown["authority"] == house.ca.fingerprint
    passwords = (out / "passwords" / f"{POINT}.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in passwords] == ["login", "jana", "karel"]
    with pytest.raises(KnownError, match="PRO-21"):
        run("provision", "all", *office(house, "https://ustredi.example"), "--out", out)


def test_a_package_for_a_point_that_there_is_not_is_not_made(house: House, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="PRO-22"):
        run("provision", "point", 9999, *office(house, "https://ustredi.example"), "--out", tmp_path)


def test_the_list_of_programs_is_made_published_and_shown(
    house: House, centre_folder: Path, tmp_path: Path
) -> None:
    from app.program import current

    this, base = current(), house.base
    given = ("--reference", base / "reference.sqlite", "--key", base / "reference.key", "--certificate",
             base / "reference.pem", "--frozen", "2024-09-13 18:00",
             "--allow", f"{this.version}:{this.platform}:{this.build}")  # fmt: skip
    run("central", "builds", "make", tmp_path / "1.p7m", "--serial", 3, "--others", "refuse", *given)
    run("central", "builds", "make", tmp_path / "2.p7m", "--serial", 2, *given)
    run("central", "builds", "publish", centre_folder, tmp_path / "1.p7m")
    with pytest.raises(KnownError, match="PRO-31"):
        run("central", "builds", "publish", centre_folder, tmp_path / "2.p7m")
    told = run("central", "builds", "list", centre_folder)
    assert this.build in told
    assert "no. 3" in told
