"""Several processes of one centre: they share an address and a store, one publishes, another takes over."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.central import processes
from app.central.centre import Centre
from app.central.http_server import sharing
from app.documents.receipt import Outcome
from app.election.errors import KnownError
from app.election.model import Contest, Mode
from tests.support.centre_process import CentreProcess, running
from tests.support.house import Clock, House
from tests.support.invented_election import VOTING_ENDS, protocols, reference

NOW = VOTING_ENDS + timedelta(hours=1)
HEADERS = {"content-type": "application/pkcs7-mime"}
#: A connection for each request, so that any process may take it.
CLIENT = httpx.Client(timeout=10, limits=httpx.Limits(max_keepalive_connections=0))


@pytest.fixture
def rehearsal(tmp_path: Path, store: str) -> House:
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    options = {"publish_interval_seconds": 0.0, "batch_grid_seconds": 0, "database": store}
    return House(tmp_path, known, Clock(NOW), **options)


def night(house: House) -> list[bytes]:
    stations = {point: house.station(f"{point}-1") for point in (41, 42)}
    points = {key: place.transfer_point for key, place in house.reference.precincts.items()}
    regional = protocols(house.reference, Contest.REGIONAL)
    return [
        stations[points[one.precinct]].batch(stations[points[one.precinct]].item(one)) for one in regional
    ]


def post(url: str, data: bytes) -> httpx.Response:
    """Send a batch; what a killed process took goes again."""
    while True:
        try:
            return CLIENT.post(f"{url}/v1/batches", content=data, headers=HEADERS)
        except httpx.TransportError:
            continue


def until(holds: Callable[[], bool], seconds: float = 20.0) -> float:
    """Wait until something holds; returns how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came"
        time.sleep(0.02)
    return time.monotonic() - began


def children(process: CentreProcess) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def leader(house: House) -> int:
    """The process that holds the lock of the public folder."""
    inode = (house.centre_folder / "publisher.lock").stat().st_ino
    locks = Path("/proc/locks").read_text()
    return int(re.findall(rf"FLOCK\s+ADVISORY\s+WRITE (\d+) \S+:{inode} ", locks)[0])


def processed(house: House) -> str:
    document = house.centre_folder / "public/current/appdata/zk2024/odata/vysledky.xml"
    return re.findall(r'OKRSKY_ZPRAC="(\d+)"', document.read_text("utf-8"))[-1]


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_the_same_batches_sent_to_both_count_once_and_both_tell_the_same(rehearsal: House) -> None:
    batches = night(rehearsal)
    with running(rehearsal.centre_folder, NOW, processes=2) as process:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda data: post(process.url, data), batches * 3))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == len(batches)
        receipts = [rehearsal.receipt(answer.content) for answer in answers]
        assert {item.outcome for one in receipts for item in one.items} == {Outcome.ACCEPTED}
        until(lambda: processed(rehearsal) == "10")

        def current() -> int:
            return int((rehearsal.centre_folder / "public/current").readlink().name)

        def told() -> set[object]:
            """A process that has not followed a publication yet tells of no contest."""
            answers = [CLIENT.get(f"{process.url}/v1/status").json() for _ in range(8)]
            return {
                (one["published"]["version"], one["contests"].get("KZ", {}).get("processed"), one["embargo"])
                for one in answers
            }

        until(lambda: told() == {(current(), 10, False)})
        address = f"{process.url}/appdata/zk2024/odata/vysledky.xml"
        assert len({CLIENT.get(address).headers["etag"] for _ in range(8)}) == 1
        assert process.stop() == 0
        assert "Traceback" not in process.words()
    opened = rehearsal.open()
    opened.close()


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_a_leader_that_is_killed_is_followed_by_another_within_moments(rehearsal: House) -> None:
    batches = night(rehearsal)
    with running(rehearsal.centre_folder, NOW, processes=2) as process:
        for data in batches[:5]:
            assert post(process.url, data).status_code == 200
        until(lambda: processed(rehearsal) == "5")
        first = leader(rehearsal)
        os.kill(first, signal.SIGKILL)
        for data in batches[5:]:
            assert post(process.url, data).status_code == 200
        assert until(lambda: processed(rehearsal) == "10") < 5
        assert leader(rehearsal) != first
        until(lambda: len(children(process)) == 2)  # the killed one was started again
        assert process.stop() == 0
        assert "ended (-9) and is started again" in process.words()


def test_a_killed_parent_leaves_nobody_behind(rehearsal: House) -> None:
    with running(rehearsal.centre_folder, NOW, processes=2) as process:
        mine = children(process)
        assert len(mine) == 2
        process.kill()
        until(lambda: not any(Path(f"/proc/{each}").exists() for each in mine))


def test_another_centre_cannot_slip_onto_the_shared_port(rehearsal: House) -> None:
    with sharing("127.0.0.1", 0, 2) as listeners:
        port = listeners[0].getsockname()[1]
        assert [each.getsockname()[1] for each in listeners] == [port, port]
        for count in (1, 2):
            with pytest.raises(KnownError, match="CEN-08"), sharing("127.0.0.1", port, count):
                pass


def test_a_process_that_does_not_start_ends_the_centre_and_says_so(
    rehearsal: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rehearsal.centre_folder / "public").write_text("a file where a folder belongs")
    with (
        pytest.raises(AssertionError, match="CEN-19"),
        running(rehearsal.centre_folder, NOW, processes=2),
    ):
        pass


def test_a_system_without_processes_of_that_kind_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    processes.check(1)
    with pytest.raises(KnownError, match="CEN-18"):
        processes.check(2)


def test_a_second_centre_on_the_folder_stands_by_until_the_first_has_ended(rehearsal: House) -> None:
    first, second = rehearsal.open(), rehearsal.open()
    try:
        first.publisher.start()
        second.publisher.start()
        assert second.site.edition.version == first.site.edition.version == 1
        batch = night(rehearsal)[0]
        second.ingest.receive(batch, NOW)
        until(lambda: first.publisher.last_revision == 1)
        until(lambda: second.site.edition.version == first.site.edition.version)
        assert _bodies(first) == _bodies(second)
        first.close()
        until(lambda: second.site.edition.version > first.site.edition.version)
    finally:
        second.close()
        first.close()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_centre_on_another_host_takes_over_into_its_own_folder(rehearsal: House, tmp_path: Path) -> None:
    shutil.copytree(rehearsal.centre_folder, tmp_path / "other host")
    first, second = rehearsal.open(), Centre.open(tmp_path / "other host", rehearsal.clock)
    try:
        first.publisher.start()
        second.publisher.start()
        for number, data in enumerate(night(rehearsal)):
            assert (first, second)[number % 2].ingest.receive(data, NOW).code == ""
        until(lambda: first.publisher.last_revision == 10)
        assert second.site.edition.version == 0
        first.close()
        until(lambda: second.site.edition.version > first.site.edition.version)
        assert second.publisher.progress == first.publisher.progress
        folders = [host.folder.public / "changes" for host in (first, second)]
        changes = [{each.name: each.read_bytes() for each in one.glob("*.xml")} for one in folders]
        assert changes[0] == changes[1]
    finally:
        second.close()
        first.close()


def _bodies(centre: Centre) -> dict[str, bytes]:
    return {path: page.body for path, page in centre.site.edition.pages.items()}
