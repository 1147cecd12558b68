"""The transcript: pages that never part a list from its rows, a file that is whole or not there."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from app.desktop import prints
from app.desktop.prints import Transcript, file_name, paginate, short_code, write_transcript
from app.election.content import content_hash
from app.election.model import Contest, Mode, Protocol, RegionalProtocol, Sheet
from app.election.reference import Reference
from app.station.errors import StationError
from app.station.offers import Accepted
from tests.support import invented_election

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)


def transcript(protocol: Protocol, reference: Reference = REFERENCE, revision: int = 1) -> Transcript:
    accepted = Accepted(
        protocol.key,
        revision,
        content_hash(protocol),
        datetime(2024, 9, 21, 14, 3, tzinfo=UTC),
        "Jana Nováková",
        "Věra Šťastná",
        "ab" * 32,
    )
    return Transcript(reference, protocol, accepted, "Přebírací místo Horní Lhota · stanice 41-1")


def regional() -> RegionalProtocol:
    protocol = invented_election.protocols(REFERENCE, Contest.REGIONAL)[0]
    assert isinstance(protocol, RegionalProtocol)
    return protocol


heights = st.lists(st.floats(5, 900), min_size=1, max_size=60)


@given(heights)
def test_every_block_stands_whole_on_one_page_in_its_order(blocks: list[float]) -> None:
    pages = paginate(blocks, room=965, gap=11)
    assert [index for page in pages for index in page] == list(range(len(blocks)))
    for page in pages:
        assert sum(blocks[index] for index in page) + 11 * (len(page) - 1) <= 965 + 1e-6


@given(heights)
def test_no_page_is_begun_while_the_next_block_still_fits(blocks: list[float]) -> None:
    pages = paginate(blocks, room=965, gap=11)
    for page, following in pairwise(pages):
        used = sum(blocks[index] for index in page) + 11 * len(page)
        assert used + blocks[following[0]] > 965 - 1e-6


def test_the_largest_lists_block_fits_on_a_page(prepared: QApplication) -> None:
    """70 preferences in three columns are the most that one list can have."""
    everybody = tuple((number, 9) for number in range(1, 71))
    protocol = replace(regional(), sheets=(Sheet(12, 9999, everybody),))
    block = prints.laid_out(protocol, REFERENCE).blocks[1]
    device = prints.QImage(1, 1, prints.QImage.Format.Format_RGB32)
    device.setDotsPerMeterX(3780)
    device.setDotsPerMeterY(3780)
    assert prints._document(prints._list(block), device).size().height() < 965


def test_a_transcript_is_an_archival_pdf_with_embedded_fonts(prepared: QApplication, tmp_path: Path) -> None:
    path = write_transcript(transcript(regional()), tmp_path / "prints")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-1.4")
    assert b'pdfaid:part="1" pdfaid:conformance="B"' in data
    assert b"/FontFile2" in data or b"/FontFile3" in data
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_each_revision_has_a_file_of_its_own_and_none_is_written_twice(
    prepared: QApplication, tmp_path: Path
) -> None:
    first = write_transcript(transcript(regional()), tmp_path)
    before = (first.read_bytes(), first.stat().st_mtime_ns)
    assert write_transcript(transcript(regional()), tmp_path) == first
    assert (first.read_bytes(), first.stat().st_mtime_ns) == before
    second = write_transcript(transcript(regional(), revision=2), tmp_path)
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_a_senate_transcript_has_its_own_name(prepared: QApplication, tmp_path: Path) -> None:
    protocol = invented_election.protocols(REFERENCE, Contest.SENATE_ROUND_1)[0]
    assert write_transcript(transcript(protocol), tmp_path).name == "opis-se1-550001-1-r1.pdf"


def test_a_folder_that_cannot_be_written_is_a_known_trouble(prepared: QApplication, tmp_path: Path) -> None:
    occupied = tmp_path / "prints"
    occupied.write_text("a file where the folder should be")
    with pytest.raises(StationError) as caught:
        write_transcript(transcript(regional()), occupied)
    assert caught.value.code == "DSK-01"
    assert "zápis sám je převzatý" in caught.value.cs


def test_the_short_code_is_sixty_four_bits_in_fours() -> None:
    assert short_code("15cc0712a8b8d3298d36" + "0" * 44) == "15CC-0712-A8B8-D329"


def test_file_names_differ_for_everything_that_differs() -> None:
    accepted = transcript(regional()).accepted
    assert file_name(accepted) != file_name(replace(accepted, revision=2))
