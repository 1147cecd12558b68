"""Whatever is on the stick: one clear Czech sentence, and the store as it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.election.errors import KnownError
from app.election.model import Mode, PrecinctId
from app.election.reference import Reference
from app.station.errors import Blocked
from app.station.station import Station
from tests.support.invented_election import regional_protocol, stated
from tests.support.station_world import CLERK, all_rows, file_of
from tests.support.sticks import WAYS, pull_while_reading

_PRECINCT = PrecinctId(550001, 1)
_BOMB = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<ZAPISY xmlns="urn:prebirka:zapisy:1" VOLBY="&c;"/>"""

Make = Callable[[Path, bytes], Path]


def _written(name: str, change: Callable[[bytes], bytes]) -> Make:
    def make(folder: Path, good: bytes) -> Path:
        path = folder / name
        path.write_bytes(change(good))
        return path

    return make


def _directory(folder: Path, good: bytes) -> Path:
    path = folder / "slozka.xml"
    path.mkdir()
    return path


def _sparse(folder: Path, good: bytes) -> Path:
    path = folder / "obrovsky.xml"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    return path


def _vanished(folder: Path, good: bytes) -> Path:
    return folder / "USB" / "zapis.xml"


def _pipe(folder: Path, good: bytes) -> Path:
    path = folder / "roura.xml"
    os.mkfifo(path)
    return path


#: What is wrong → (making it, the code of the sentence)
UNREADABLE: Mapping[str, tuple[Make, str]] = {
    "truncated": (_written("useknuty.xml", lambda good: good[: len(good) * 2 // 3]), "DOC-10"),
    "empty": (_written("prazdny.xml", lambda good: b""), "DOC-06"),
    "zeros": (_written("nuly.xml", lambda good: b"\0" * len(good)), "DOC-06"),
    "wrong encoding": (
        _written("kodovani.xml", lambda good: good.replace(b"<ZAPISY", b"<!-- \x9a\xe9 --><ZAPISY")),
        "DOC-09",
    ),
    "entity bomb": (_written("bomba.xml", lambda good: _BOMB), "DOC-12"),
    "a photograph": (_written("foto.xml", lambda good: b"\xff\xd8\xff\xe0" + bytes(5000)), "DOC-07"),
    "200 MB": (_sparse, "DOC-05"),
    "a directory": (_directory, "DOC-02"),
    "a pipe": (_pipe, "DOC-02"),
    "removed stick": (_vanished, "DOC-01"),
}


@pytest.mark.parametrize("wrong", UNREADABLE)
def test_a_file_that_is_no_protocol_gives_one_sentence_and_stores_nothing(
    station: Station, reference: Reference, tmp_path: Path, wrong: str
) -> None:
    make, code = UNREADABLE[wrong]
    stick = tmp_path / "stick"
    stick.mkdir()
    path = make(stick, file_of(stated(reference, regional_protocol(reference, _PRECINCT, 1))))
    before = all_rows(station)
    with pytest.raises(KnownError) as refused:
        station.intake.read_file(path)
    assert refused.value.code == code
    assert refused.value.cs.strip().endswith(".")
    assert str(tmp_path) not in refused.value.cs
    assert all_rows(station) == before


def _other_election(reference: Reference) -> bytes:
    protocol = regional_protocol(reference, _PRECINCT, 1)
    return file_of(replace(stated(reference, protocol), election="kz2020"))


def _other_form(reference: Reference) -> bytes:
    return file_of(replace(stated(reference, regional_protocol(reference, _PRECINCT, 1)), form_version="7"))


def _other_point(reference: Reference) -> bytes:
    return file_of(stated(reference, regional_protocol(reference, PrecinctId(550003, 1), 1)))


def _unknown_precinct(reference: Reference) -> bytes:
    protocol = regional_protocol(reference, _PRECINCT, 1)
    return file_of(replace(stated(reference, protocol), precinct=PrecinctId(550001, 77)))


def _live_file(reference: Reference) -> bytes:
    return file_of(stated(reference, regional_protocol(reference, _PRECINCT, 1)), mode=Mode.LIVE)


@pytest.mark.parametrize(
    ("make", "rules"),
    [
        (_other_election, {"ID-03"}),
        (_other_form, {"ID-06"}),
        (_other_point, {"ID-02"}),
        (_unknown_precinct, {"ID-02"}),
        (_live_file, {"PR-04"}),
    ],
)
def test_a_protocol_that_does_not_belong_here_is_offered_with_a_verdict_that_blocks(
    station: Station, reference: Reference, make: Callable[[Reference], bytes], rules: set[str]
) -> None:
    before = all_rows(station)
    (offer,) = station.intake.read_bytes("zapis.xml", make(reference))
    assert rules <= {result.rule_id for result in offer.verdict.blocking}
    with pytest.raises(Blocked) as refused:
        station.intake.accept(offer, CLERK)
    assert rules <= set(refused.value.rules)
    assert all_rows(station) == before


def test_a_stick_pulled_out_after_reading_loses_nothing(
    station: Station, reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "zapis.xml"
    data = file_of(stated(reference, regional_protocol(reference, _PRECINCT, 1)))
    path.write_bytes(data)
    (offer,) = station.intake.read_file(path)
    path.unlink()
    station.intake.accept(offer, CLERK)
    assert station._store.rows("SELECT data FROM originals")[0]["data"] == data


@pytest.mark.parametrize("way", WAYS)
def test_a_stick_pulled_out_in_the_middle_of_a_read_gives_one_sentence_and_stores_nothing(
    station: Station, reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    path = tmp_path / "zapis.xml"
    data = file_of(stated(reference, regional_protocol(reference, _PRECINCT, 1)))
    path.write_bytes(data)
    assert len(data) > 512, "so that there is a middle"
    opened = pull_while_reading(monkeypatch, path, way)
    before = all_rows(station)
    with pytest.raises(KnownError) as refused:
        station.intake.read_file(path)
    assert opened
    assert refused.value.code == "DOC-04"
    assert refused.value.cs.strip().endswith(".")
    assert str(tmp_path) not in refused.value.cs
    assert all_rows(station) == before
    monkeypatch.undo()
    path.write_bytes(data)
    (offer,) = station.intake.read_file(path)
    assert station.intake.accept(offer, CLERK).revision == 1
