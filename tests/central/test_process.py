"""The centre as a process: the command line, an orderly end, and a SIGKILL at any instant."""

from __future__ import annotations

import itertools
import random
import re
import shutil
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.central import settings
from app.central.centre import Centre
from app.central.http_server import listening
from app.central.settings import CentreFolder, CentreSettings
from app.commands.central import app as command
from app.election.complete import with_flags
from app.election.errors import KnownError
from app.election.model import Contest, Mode, Protocol
from tests.support.centre_process import one_life, running
from tests.support.forked import mother_of
from tests.support.house import Clock, House
from tests.support.invented_election import VOTING_ENDS, protocols, reference

KILLS = 20
#: seconds; so short that the night is not over before the last kill
LONGEST_LIFE = 0.1
CLIENT = httpx.Client(timeout=10)
NOW = VOTING_ENDS + timedelta(hours=1)


@pytest.fixture
def rehearsal(tmp_path: Path) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)
    return House(tmp_path, known, Clock(NOW), publish_interval_seconds=0.0, batch_grid_seconds=0)


def night(house: House) -> list[bytes]:
    """Signed batches of a whole small night: every protocol, and a correction of every regional one."""
    regional = protocols(house.reference, Contest.REGIONAL)
    senate = protocols(house.reference, Contest.SENATE_ROUND_1)
    stations = {point: house.station(f"{point}-1") for point in (41, 42)}
    point = {key: place.transfer_point for key, place in house.reference.precincts.items()}
    sent = [stations[point[p.precinct]] for p in (*regional, *senate)]
    batches = [one.batch(one.item(p)) for one, p in zip(sent, (*regional, *senate), strict=True)]
    for protocol in regional:
        one = stations[point[protocol.precinct]]
        batches.append(one.batch(one.item(corrected(protocol), 2)))
    return batches


def corrected(protocol: Protocol) -> Protocol:
    counts = protocol.counts._replace(registered_voters=protocol.counts.registered_voters + 3)
    return with_flags(replace(protocol, counts=counts), corrected=True)


def post(url: str, data: bytes) -> httpx.Response:
    headers = {"content-type": "application/pkcs7-mime"}
    return CLIENT.post(f"{url}/v1/batches", content=data, headers=headers)


def sums(public: Path) -> dict[str, str]:
    """Every document of volby.cz but the batches, without times."""
    found = {}
    for path in sorted((public / "current" / "appdata").rglob("*.xml")):
        if "okrsky" not in path.parts:
            text = re.sub(r'DATUM_CAS_GENEROVANI="[^"]*"', "", path.read_text("utf-8"))
            found[str(path.relative_to(public / "current"))] = text
    return found


def batch_files(public: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in sorted((public / "current").rglob("vysledky_okrsky_*.xml"))
    }


def precincts(public: Path) -> list[str]:
    """The elements of all batches one after the other, without times: the same wherever they are cut."""
    whole = b"".join(batch_files(public).values()).decode()
    return re.findall(r"<OKRSEK .*?</OKRSEK>", re.sub(r'DATUM_CAS_ZPRAC="[^"]*"', "", whole), re.DOTALL)


def test_a_centre_receives_publishes_and_ends_in_order(rehearsal: House) -> None:
    batches = night(rehearsal)
    public = rehearsal.centre_folder / "public"
    with running(rehearsal.centre_folder, NOW) as process:
        receipts = [post(process.url, data) for data in batches]
        assert {receipt.status_code for receipt in receipts} == {200}
        assert rehearsal.receipt(receipts[0].content).batch_number == 1
        page = httpx.get(process.url).text
        assert "ZKOUŠKA" in page
        told = CliRunner().invoke(command, ["status", process.url])
        assert "kz" in told.output.lower()
        assert "ZKOUSKA" in told.output
        assert process.stop() == 0
        assert "Traceback" not in process.words()
    assert 'OKRSKY_ZPRAC="10"' in sums(public)["appdata/zk2024/odata/vysledky.xml"]
    assert len(precincts(public)) == 20


def test_killed_at_random_and_started_again_it_publishes_the_same(rehearsal: House, tmp_path: Path) -> None:
    batches = night(rehearsal)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(rehearsal.centre_folder, undisturbed)
    public = rehearsal.centre_folder / "public"
    receipts: dict[int, bytes] = {}
    seen: dict[str, bytes] = {}
    versions = []
    with mother_of("tests.support.centre_lives") as centres:
        for _ in range(KILLS):
            with one_life(centres, rehearsal.centre_folder, NOW) as (url, life):
                versions.append(httpx.get(f"{url}/v1/status").json()["published"]["version"])
                now = batch_files(public)
                assert seen.items() <= now.items(), "a batch that was published changed or went"
                seen = now
                killer = threading.Timer(random.uniform(0, LONGEST_LIFE), life.kill)
                killer.start()
                send_until_it_dies(url, batches, receipts)
                killer.join()
    with running(rehearsal.centre_folder, NOW) as process:
        again = [post(process.url, data) for data in batches]
        assert {answer.status_code for answer in again} == {200}
        assert all(again[number].content == receipt for number, receipt in receipts.items())
        versions.append(httpx.get(f"{process.url}/v1/status").json()["published"]["version"])
        assert process.stop() == 0
    assert all(one < other for one, other in itertools.pairwise(versions))
    with running(undisturbed, NOW) as process:
        for data in batches:
            post(process.url, data)
        assert process.stop() == 0
    assert sums(public) == sums(undisturbed / "public")
    assert precincts(public) == precincts(undisturbed / "public")
    orders = [
        int(number) for each in precincts(public) for number in re.findall(r'PORADI_ZPRAC="(\d+)"', each)
    ]
    assert orders == list(range(1, 21))


def send_until_it_dies(url: str, batches: list[bytes], receipts: dict[int, bytes]) -> None:
    """Send as a station does: what has no receipt goes again, the same bytes; an answer is never another."""
    for number, data in enumerate(batches):
        if number in receipts and number % 7:
            continue  # some go again although they were answered
        try:
            answer = post(url, data)
        except httpx.TransportError:
            return
        assert answer.status_code == 200
        assert receipts.setdefault(number, answer.content) == answer.content


class TestTheFolder:
    def test_settings_are_read_back_as_written(self, tmp_path: Path) -> None:
        folder = CentreFolder(tmp_path)
        made = CentreSettings("kz2024", Mode.REHEARSAL, batch_grid_seconds=0, clock_offset_seconds=-5)
        settings.write(folder, made)
        assert settings.load(folder) == made

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ('election = "kz2024"', "CEN-02"),
            ('election = "kz2024"\nmode = "TEST"', "CEN-02"),
            ('election = "kz2024"\nmode = "OSTRY"\nkeep_versions = "3"', "CEN-02"),
            ('election = "kz2024"\nmode = "OSTRY"\nkeep_versions = true', "CEN-02"),
            ('election = "kz2024"\nmode = "OSTRY"\ncolour = 1', "CEN-02"),
            ("election", "CEN-02"),
            ('election = "kz2024"\nmode = "OSTRY"\nclock_offset_seconds = 5', "CEN-03"),
        ],
    )
    def test_wrong_settings_are_refused(self, tmp_path: Path, line: str, code: str) -> None:
        folder = CentreFolder(tmp_path)
        folder.settings.write_text(line)
        with pytest.raises(KnownError, match=code):
            settings.load(folder)

    def test_a_folder_without_a_centre_says_how_to_make_one(self, tmp_path: Path) -> None:
        with pytest.raises(KnownError, match="CEN-01"):
            settings.load(CentreFolder(tmp_path))

    def test_reference_data_of_another_mode_are_refused(self, rehearsal: House) -> None:
        rehearsal.set(mode=Mode.LIVE)
        with pytest.raises(KnownError, match="CEN-06"):
            rehearsal.open()

    def test_reference_data_that_were_touched_are_refused(self, rehearsal: House) -> None:
        path = rehearsal.centre_folder / "reference.sqlite"
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.unlink()  # it is a hard link to the authority's file
        path.write_bytes(data)
        with pytest.raises(KnownError, match="CMS-11"):
            rehearsal.open()

    @pytest.mark.parametrize("name", ["ca.pem", "centre.pem", "reference.sqlite", "reference.sqlite.p7s"])
    def test_a_missing_part_is_named(self, rehearsal: House, name: str) -> None:
        (rehearsal.centre_folder / name).unlink()
        with pytest.raises(KnownError, match="CEN-07") as raised:
            rehearsal.open()
        assert name in raised.value.cs

    def test_the_clock_may_be_shifted_in_a_rehearsal_only(self, house: House) -> None:
        asked = CliRunner().invoke(
            command, ["run", str(house.centre_folder), "--clock", "2024-09-21T15:00:00"]
        )
        assert isinstance(asked.exception, KnownError)
        assert asked.exception.code == "CEN-03"


class TestTheRegisterOfStations:
    def test_is_kept_on_the_command_line(self, house: House, centre: Centre, tmp_path: Path) -> None:
        station = house.station("41-1", register=False)
        pem = tmp_path / "41-1.pem"
        pem.write_bytes(station.certificate.to_pem())
        folder = str(house.centre_folder)
        added = CliRunner().invoke(command, ["station", "add", folder, str(pem)])
        assert "1 / 1" in added.output
        again = CliRunner().invoke(command, ["station", "add", folder, str(pem)])
        assert "0 / 1" in again.output
        CliRunner().invoke(command, ["station", "revoke", folder, "41-1", "--reason", "ztracen"])
        listed = CliRunner().invoke(command, ["station", "list", folder]).output
        assert "41-1" in listed
        assert "odvolána · revoked: ztracen" in listed
        assert station.certificate.fingerprint in listed

    def test_names_a_station_that_is_not_there(self, house: House) -> None:
        asked = CliRunner().invoke(
            command, ["station", "revoke", str(house.centre_folder), "41-9", "--reason", "nic"]
        )
        assert isinstance(asked.exception, KnownError)
        assert asked.exception.code == "CEN-21"


def test_no_answer_waits_for_a_fuller_packet() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
