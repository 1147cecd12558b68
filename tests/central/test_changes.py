"""The list of changes: numbered in the store, the same files after any end, one root over all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.central import changes
from app.central.centre import Centre
from app.central.versions import Versions
from app.documents import xml
from app.documents.feed import changes as changes_file
from app.documents.feed.changes import ChangeKind, ChangesFile, entry
from app.documents.feed.parts import Issue
from app.election.content import content_text, text_hash
from app.election.model import Mode, Protocol
from app.trust.anchors import Anchors
from app.trust.merkle import Frontier, leaf_hash
from app.verify import Folder, Report, Wanted, verify
from tests.support import acting
from tests.support.central_driver import corrected, of_point
from tests.support.house import House, SendingStation
from tests.support.invented_election import POINT

Announce = Callable[[str, str], None]
ISSUE = Issue("zk2024", Mode.LIVE)


class Killed(BaseException):
    """The end of a process, as nothing catches it."""


def die(*_: object) -> None:
    raise Killed


@pytest.fixture
def mine(house: House) -> list[Protocol]:
    return of_point(house, POINT)


def folder(house: House) -> Path:
    return house.centre_folder / "public" / "changes"


def written(house: House) -> list[ChangesFile]:
    """Every changes file on disk, in order, each found in order by its schema."""
    return [changes_file.read(path.read_bytes()) for path in sorted(folder(house).glob("*.xml"))]


def checkpoint(house: House) -> dict[str, str]:
    path = house.centre_folder / "public" / "current" / "feed" / "zk2024" / "checkpoint.xml"
    root = xml.parse_published(path.read_bytes(), "feed_checkpoint.xsd", max_bytes=10_000, max_tags=10)
    return xml.attributes_of(root)


def root_of(files: list[ChangesFile]) -> str:
    lines = (entry(told.change, file.published.at) for file in files for told in file.items)
    return Frontier(map(leaf_hash, lines)).root().hex()


def send(centre: Centre, house: House, data: bytes) -> None:
    assert centre.ingest.receive(data, house.clock.now).code == ""


def test_each_version_brings_a_file_that_names_the_one_before(
    house: House, centre: Centre, station: SendingStation, mine: list[Protocol]
) -> None:
    assert centre.publisher.flush() == 1
    assert checkpoint(house)["VELIKOST"] == checkpoint(house)["ZMENY"] == "0"
    send(centre, house, station.batch(*station.items(mine[:2])))
    assert centre.publisher.flush() == 2
    house.clock.move(seconds=5)
    send(centre, house, station.batch(*station.items(mine[2:])))
    assert centre.publisher.flush() == 3
    files = written(house)
    assert [(file.published.version, file.previous) for file in files] == [(2, 0), (3, 2)]
    items = [told for file in files for told in file.items]
    assert [told.change.number for told in items] == [1, 2, 3, 4]
    assert [told.text for told in items] == [content_text(protocol) for protocol in mine]
    assert all(told.change.content_hash == text_hash(told.text) for told in items)
    assert {(told.change.kind, told.change.previous_hash) for told in items} == {(ChangeKind.FIRST, "")}
    point = checkpoint(house)
    assert (point["VERZE"], point["VELIKOST"], point["ZMENY"]) == ("3", "4", "3")
    assert point["KOREN"] == root_of(files)


def test_a_correction_and_a_withdrawal_name_what_they_replace(
    house: House, centre: Centre, station: SendingStation, mine: list[Protocol]
) -> None:
    send(centre, house, station.batch(station.item(mine[0])))
    centre.publisher.flush()
    second = corrected(mine[0], 2)
    send(centre, house, station.batch(station.item(second, 2)))
    centre.publisher.flush()
    acting.withdraw(house, mine[0].key)
    centre.publisher.flush()
    send(centre, house, station.batch(station.item(corrected(mine[0], 3), 3)))
    centre.publisher.flush()
    told = [told.change for file in written(house) for told in file.items]
    hashes = [text_hash(content_text(each)) for each in (mine[0], second, corrected(mine[0], 3))]
    assert [(c.kind.value, c.revision, c.reason, c.previous_hash, c.content_hash) for c in told] == [
        ("PRVNI", 1, "", "", hashes[0]),
        ("OPRAVA", 2, "", hashes[0], hashes[1]),
        ("ODVOLANI", 2, "UKON-1", hashes[1], ""),
        ("OPRAVA", 3, "", "", hashes[2]),
    ]
    assert written(house)[2].items[0].text == ""
    assert checkpoint(house)["KOREN"] == root_of(written(house))


def test_killed_between_claim_and_writing_it_says_the_same_after_the_next_start(
    house: House,
    centre: Centre,
    station: SendingStation,
    mine: list[Protocol],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    centre.publisher.flush()
    send(centre, house, station.batch(*station.items(mine[:2])))
    with monkeypatch.context() as patched:
        patched.setattr(Versions, "write", die)
        with pytest.raises(Killed):
            centre.publisher.flush()
    assert written(house) == []
    with centre.database.reading() as connection:
        claimed = changes.file_of(connection, ISSUE, 2)
    assert claimed is not None
    centre.close()
    house.clock.move(minutes=3)
    again = house.open()
    send(again, house, station.batch(*station.items(mine[2:])))
    assert again.publisher.flush() == 3
    assert (folder(house) / "000002.xml").read_bytes() == changes_file.write(claimed)
    assert [file.previous for file in written(house)] == [0, 2]
    assert checkpoint(house)["KOREN"] == root_of(written(house))
    again.close()


def test_an_independent_reader_agrees_after_corrections_withdrawals_and_a_kill(
    house: House,
    centre: Centre,
    station: SendingStation,
    mine: list[Protocol],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(centre, house, station.batch(*station.items(mine[:3])))
    centre.publisher.flush()
    house.clock.move(minutes=6)
    send(centre, house, station.batch(station.item(corrected(mine[0], 2), 2)))
    with monkeypatch.context() as patched:
        patched.setattr("app.central.versions._flush_all", die)
        with pytest.raises(Killed):
            centre.publisher.flush()
    centre.close()
    again = house.open()
    again.publisher.flush()
    house.clock.move(minutes=6)
    acting.withdraw(house, mine[1].key)
    again.publisher.flush()
    send(again, house, station.batch(station.item(mine[3])))
    again.publisher.flush()
    again.close()
    report = verify(
        Folder(house.centre_folder / "public"),
        Anchors.from_pem(house.authority.to_pem()),
        Wanted(),
        Report(),
    )
    assert report.counts["changes"] == 6
    assert report.counts["versions"] == 4


def test_a_file_that_was_lost_from_the_disk_is_made_again_byte_for_byte(
    house: House, centre: Centre, station: SendingStation, mine: list[Protocol]
) -> None:
    for protocol in mine[:3]:
        send(centre, house, station.batch(station.item(protocol)))
        centre.publisher.flush()
    before = {path.name: path.read_bytes() for path in folder(house).glob("*.xml")}
    centre.close()
    (folder(house) / "000002.xml").unlink()
    (folder(house) / "000009.xml.part").write_bytes(b"<half")
    again = house.open()
    again.publisher.flush()
    assert {path.name: path.read_bytes() for path in folder(house).glob("*.xml")} == before
    assert not (folder(house) / "000009.xml.part").exists()
    again.close()


def test_a_disk_that_refuses_brings_the_file_with_the_next_version(
    house: House,
    centre: Centre,
    station: SendingStation,
    mine: list[Protocol],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    centre.publisher.flush()
    send(centre, house, station.batch(station.item(mine[0])))
    with monkeypatch.context() as patched:
        patched.setattr("app.central.versions._flush_all", refuse)
        with pytest.raises(OSError, match="No space"):
            centre.publisher.flush()
    assert written(house) == []
    centre.publisher.flush()
    assert [file.published.version for file in written(house)] == [2]


def test_changes_stay_when_old_versions_go(
    house: House, station: SendingStation, mine: list[Protocol]
) -> None:
    house.set(keep_versions=1)
    centre = house.open()
    for protocol in mine:
        send(centre, house, station.batch(station.item(protocol)))
        centre.publisher.flush()
    assert len(list((house.centre_folder / "public" / "versions").iterdir())) == 1
    assert len(written(house)) == len(mine)
    centre.close()


def test_published_times_never_go_back_and_never_lie_before_the_taking_over(
    house: House, centre: Centre, station: SendingStation, mine: list[Protocol]
) -> None:
    for protocol in mine:
        send(centre, house, station.batch(station.item(protocol)))
        centre.publisher.flush()
        house.clock.move(minutes=-20)
    files = written(house)
    times = [file.published.at for file in files]
    assert times == sorted(times)
    assert all(told.change.taken_at <= file.published.at for file in files for told in file.items)


@pytest.mark.parametrize("words", ["UPDATE change SET kind = 'OPRAVA'", "DELETE FROM change"])
def test_nothing_in_the_list_can_be_changed(
    house: House, centre: Centre, station: SendingStation, mine: list[Protocol], words: str
) -> None:
    send(centre, house, station.batch(station.item(mine[0])))
    centre.publisher.flush()
    with pytest.raises(DBAPIError, match="append-only"), centre.database.writing() as connection:
        connection.execute(text(words))


def test_what_a_document_says_is_read_back(
    house: House, centre: Centre, station: SendingStation, mine: list[Protocol]
) -> None:
    send(centre, house, station.batch(*station.items(mine)))
    centre.publisher.flush()
    [path] = folder(house).glob("*.xml")
    read = changes_file.read(path.read_bytes())
    assert changes_file.write(read) == path.read_bytes()
    assert read.issue == ISSUE
    assert isinstance(read.published.at, datetime)
