"""A published version is consistent, always: readers hammer everything while versions follow one another.

Two kinds of readers run beside a night in which each protocol is a version of its own: one resolves
`public/current` once and reads that folder, one asks over HTTP for a pointer and then for every file that
the version's manifest names. After the night every version that was kept is read once more. The long form:
PREBIRKA_VERSIONS=1000 python -m pytest -o faulthandler_timeout=3600 tests/rehearsal/test_consistency.py
"""

from __future__ import annotations

import http.client
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from app.central.centre import Centre
from app.election.model import Contest
from tests.support import invented_election
from tests.support.house import Clock, House, SendingStation, serving
from tests.support.one_version import faults, files_of, manifest_of

VERSIONS = int(os.environ.get("PREBIRKA_VERSIONS", "40"))
_MEMORY = Path("/dev/shm")
_DIGIT, _OTHER_DIGIT = b'PLATNE_HLASY="1', b'PLATNE_HLASY="2'


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: a thousand versions are flushed to the disk file by file."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as place:
        yield Path(place)


def test_whoever_reads_while_versions_follow_one_another_never_sees_sums_that_disagree(folder: Path) -> None:
    house = House(
        folder,
        invented_election.reference(),
        Clock(invented_election.VOTING_ENDS + timedelta(hours=1)),
        batch_grid_seconds=0,
        keep_versions=VERSIONS + 10,
    )
    stations = {point: house.station(f"{point}-1") for point in (41, 42)}
    centre = house.open()
    try:
        centre.publisher.flush()
        with serving(centre) as url, Reading(centre, url) as seen:
            for each in islice(revisions(house, stations), VERSIONS):
                assert centre.ingest.receive(each, house.clock.now).http_status == 200
                house.clock.move(seconds=1)
                centre.publisher.flush()
        for name, found in seen.items():
            assert len(found) >= min(5, VERSIONS // 10), f"{name} has read too few versions: {found}"
            assert not any(found.values()), f"{name}: {found}"
        kept = sorted(centre.folder.public.glob("versions/*"), key=lambda path: int(path.name))
        assert len(kept) == VERSIONS + 1
        for version in kept:
            assert faults(files_of(version)) == [], version.name
    finally:
        centre.close()


def test_the_readers_here_notice_one_changed_digit(folder: Path) -> None:
    """Or they would prove nothing."""
    house = House(
        folder, invented_election.reference(), Clock(invented_election.VOTING_ENDS), batch_grid_seconds=0
    )
    stations = {point: house.station(f"{point}-1") for point in (41, 42)}
    centre = house.open()
    try:
        for each in islice(revisions(house, stations), 30):
            assert centre.ingest.receive(each, house.clock.now).http_status == 200
        centre.publisher.flush()
        files = files_of((centre.folder.public / "current").resolve())
    finally:
        centre.close()
    assert faults(files) == []
    told = [path for path, data in files.items() if path.startswith("appdata/") and _DIGIT in data]
    assert {path.rpartition("/")[2][:13] for path in told} > {"vysledky.xml", "vysledky_kand"}
    for path in told:
        if not path.endswith("vysledky_krajmesta.xml"):  # tells a part of what others tell
            wrong = files[path].replace(_DIGIT, _OTHER_DIGIT, 1)
            assert len(faults({**files, path: wrong})) > 1, f"only the manifest notices {path}"


def revisions(house: House, stations: dict[int, SendingStation]) -> Iterator[bytes]:
    """A batch for each protocol, in rounds: first everybody's, then corrections of corrections."""
    reference = house.reference
    for revision in count(1):
        for contest in (Contest.REGIONAL, Contest.SENATE_ROUND_1):
            for protocol in invented_election.protocols(reference, contest, seed=revision):
                station = stations[reference.precincts[protocol.precinct].transfer_point]
                said = replace(protocol, corrected=revision > 1)
                yield station.batch(station.item(said, revision))


class Reading:
    """Threads that read all the while; the versions each has seen, with what did not agree in them."""

    def __init__(self, centre: Centre, url: str) -> None:
        self._ending = threading.Event()
        public = centre.folder.public
        self._http = Http(url)
        ways: dict[str, Callable[[], tuple[str, dict[str, bytes]]]] = {
            "disk": lambda: from_disk(public),
            "http": self._http.version,
        }
        self.seen: dict[str, dict[str, list[str]]] = {name: {} for name in ways}
        self._threads = [
            threading.Thread(target=self._read, args=(way, self.seen[name]), daemon=True)
            for name, way in ways.items()
        ]

    def _read(self, way: Callable[[], tuple[str, dict[str, bytes]]], seen: dict[str, list[str]]) -> None:
        while not self._ending.is_set():
            try:
                name, files = way()
                seen[name] = faults(files)
            except Exception as error:
                seen[f"failed after {len(seen)}"] = [repr(error)]
                return

    def __enter__(self) -> dict[str, dict[str, list[str]]]:
        for thread in self._threads:
            thread.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        self._http.close()


def from_disk(public: Path) -> tuple[str, dict[str, bytes]]:
    version = (public / "current").resolve()
    return version.name, files_of(version)


class Http:
    """Reads a whole version over one connection: the pointer, the manifest, all that it names."""

    def __init__(self, url: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def version(self) -> tuple[str, dict[str, bytes]]:
        number = ElementTree.fromstring(self._get("feed/zk2024/index.xml")).attrib["VERZE"]
        path = "feed/zk2024/manifest.xml"
        files = {path: self._get(f"feed/zk2024/versions/{number}/{path}")}
        for each in ElementTree.fromstring(files[manifest_of(files)]):
            path = each.attrib["CESTA"]
            files[path] = self._get(f"feed/zk2024/versions/{number}/{path}")
        return number, files

    def close(self) -> None:
        self._line.close()

    def _get(self, path: str) -> bytes:
        self._line.request("GET", f"/{path}")
        answer = self._line.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status}"
        return body
