"""The prints: pages that part no list from its rows, a code that is read, a file whole or not there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.desktop.printing import (
    code,
    confirmation,
    documents,
    error_report,
    frame,
    names,
    refusal,
    transcript,
)
from app.desktop.printing.frame import Paper, Part, paginate
from app.desktop.printing.pieces import Where
from app.desktop.printing.typography import paragraphs, typeset
from app.election.model import Contest, Mode, RegionalProtocol, SenateProtocol
from app.station.confirmation import qr_text
from app.station.errors import StationError
from tests.support import invented_election, papers

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)
LIVE = invented_election.reference(mode=Mode.LIVE)
WHERE = Where("Přebírací místo Horní Lhota · stanice 41-1")


def regional() -> RegionalProtocol:
    protocol = invented_election.protocols(REFERENCE, Contest.REGIONAL)[0]
    assert isinstance(protocol, RegionalProtocol)
    return protocol


def senate() -> SenateProtocol:
    protocol = invented_election.protocols(REFERENCE, Contest.SENATE_ROUND_1)[0]
    assert isinstance(protocol, SenateProtocol)
    return protocol


PAPERS: dict[str, Callable[[], Paper]] = {
    "transcript": lambda: transcript.made(papers.transcript(REFERENCE, regional()), REFERENCE, WHERE),
    "senate transcript": lambda: transcript.made(papers.transcript(REFERENCE, senate()), REFERENCE, WHERE),
    "error report": lambda: error_report.made(papers.error_report(REFERENCE, regional()), REFERENCE, WHERE),
    "no errors": lambda: error_report.made(papers.error_report(LIVE, senate(), 0), LIVE, WHERE),
    "refusal": lambda: refusal.made(papers.refusal(REFERENCE, senate()), WHERE),
    "confirmation": lambda: confirmation.made(papers.confirmation(LIVE, regional()), LIVE, WHERE),
}
every_paper = pytest.mark.parametrize("name", PAPERS)


def words(paper: Paper) -> str:
    """What stands on a paper, without markup, as one line."""
    from PySide6.QtGui import QTextDocument

    found = []
    for part in paper.parts:
        document = QTextDocument()
        document.setHtml(part.markup)
        found.append(document.toPlainText())
    return " ".join(" ".join(found).split())


# --- pages -----------------------------------------------------------------------------------------

parts = st.lists(st.tuples(st.floats(5, 400), st.booleans()), min_size=1, max_size=60)


@given(parts)
def test_every_part_stands_whole_on_one_page_in_its_order(found: list[tuple[float, bool]]) -> None:
    heights = [height for height, _ in found]
    pages = paginate(heights, [False] * len(heights), room=965, gap=11)
    assert [index for page in pages for index in page] == list(range(len(heights)))
    for page in pages:
        assert sum(heights[index] for index in page) + 11 * (len(page) - 1) <= 965 + 1e-6


@given(parts)
def test_no_page_ends_with_a_heading_unless_nothing_follows(found: list[tuple[float, bool]]) -> None:
    heads = [heading for _, heading in found]
    pages = paginate([height for height, _ in found], heads, room=965, gap=11)
    assert not any(heads[page[-1]] for page, _ in pairwise(pages))


@given(parts)
def test_no_page_is_begun_while_the_next_part_still_fits(found: list[tuple[float, bool]]) -> None:
    heights = [height for height, _ in found]
    pages = paginate(heights, [False] * len(heights), room=965, gap=11)
    for page, following in pairwise(pages):
        used = sum(heights[index] for index in page) + 11 * len(page)
        assert used + heights[following[0]] > 965 - 1e-6


def heights_of(paper: Paper) -> list[float]:
    measure = QImage(1, 1, QImage.Format.Format_RGB32)
    measure.setDotsPerMeterX(3780)
    measure.setDotsPerMeterY(3780)
    width = frame.WIDTH - frame.LEFT - frame.RIGHT
    return [frame._document(part.markup, width, measure).size().height() for part in paper.parts]


def test_every_part_of_the_fullest_protocol_fits_on_a_page(prepared: QApplication) -> None:
    """Twenty lists with all seventy boxes filled and names as long as they can be."""
    reference, protocol = papers.full(REFERENCE)
    paper = transcript.made(papers.transcript(reference, protocol), reference, WHERE)
    assert max(heights_of(paper)) < frame.ROOM


def test_a_long_list_goes_on_under_its_header_again(prepared: QApplication) -> None:
    reference, protocol = papers.full(REFERENCE, lists=1)
    paper = transcript.made(papers.transcript(reference, protocol), reference, WHERE)
    told = [part.markup for part in paper.parts if "Nejedlá" in part.markup]
    assert len(told) > 1
    assert all(papers.LONG_LIST.split(" –")[0] in markup.replace("\u00a0", " ") for markup in told)
    assert ["pokračování" in markup for markup in told] == [False] + [True] * (len(told) - 1)


def test_a_reason_of_any_length_is_cut_into_paragraphs_that_fit() -> None:
    reason = "Chybí podpisy. " * 900 + "\n\n" + "x" * 5000
    assert "".join(" ".join(paragraphs(reason)).split()) == "".join(reason.split())
    assert max(len(paragraph) for paragraph in paragraphs(reason)) <= 1200


# --- what stands there -----------------------------------------------------------------------------


@every_paper
def test_each_print_says_what_identifies_it(name: str, prepared: QApplication) -> None:
    paper = PAPERS[name]()
    told = words(paper)
    mode = {Mode.REHEARSAL: "ZKOUŠKA", Mode.LIVE: "OSTRÝ PROVOZ"}[paper.head.mode]
    for fact in ("Horní Lhota, okrsek 1", mode, "stanice 41-1", "21. 9. 2024 16:03:07", "Jana Nováková",
                 paper.head.short_code, paper.head.key.contest.form):  # fmt: skip
        assert fact in told, fact


def test_the_error_report_tells_all_problems_numbered_and_until_when(prepared: QApplication) -> None:
    told = words(PAPERS["error report"]())
    for fact in (
        "našly 3 nedostatky", "1 chyba brání převzetí", "1. Součet hlasů", "2. Součet hlasů",
        "3. Součet hlasů",
        "12 345", "12 346", "část 1, řádek 4 „Platné hlasy celkem“", "Co udělat: Sečtěte", "Správně má být:",
        "nejpozději 22. 9. 2024 14:00 ", "za okrskovou volební komisi", "za přebírací místo",
    ):  # fmt: skip
        assert fact in told, fact


def test_the_refusal_tells_its_reason_and_deadline(prepared: QApplication) -> None:
    told = words(PAPERS["refusal"]())
    assert "Důvod Součet nesouhlasí." in told
    assert "Nový zápis předejte nejpozději 22. 9. 2024 14:00" in told


def test_the_confirmation_tells_the_centres_word(prepared: QApplication) -> None:
    told = words(PAPERS["confirmation"]())
    for fact in ("Pořadí zpracování 12 345", "Číslo dávky 17", "Komise může z přebíracího místa odejít"):
        assert fact in told, fact


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("v okrsku a s obcí", "v\u00a0okrsku a\u00a0s\u00a0obcí"),
        ("listina č. 5, 21. 9. 2024", "listina č.\u00a05, 21.\u00a09.\u00a02024"),
        ("12\u00a0345 hlasů, 45 %", "12\u202f345 hlasů, 45\u00a0%"),
        ("podle § 40 odst. 2", "podle §\u00a040 odst.\u00a02"),
        ("T/6, 1. část", "T/6, 1.\u00a0část"),
    ],
)
def test_czech_is_set_as_czech(text: str, set_: str) -> None:
    assert typeset(text) == set_


# --- the code --------------------------------------------------------------------------------------


def test_the_code_says_the_documented_line() -> None:
    key = regional().key
    live = qr_text("kz2024", Mode.LIVE, key, 2, "ab" * 32)
    assert live == f"PREBIRKA;1;kz2024;KZ;550001/1;r2;{'ab' * 32}"
    assert qr_text("kz2024", Mode.REHEARSAL, key, 0, None) == "PREBIRKA;1;kz2024;KZ;550001/1;r0;;ZKOUSKA"


def read_modules(page: QImage, area: QRectF, count: int) -> tuple[tuple[bool, ...], ...]:
    """The code's squares as printed: the middle of each."""
    step = area.width() / count

    def black(x: int, y: int) -> bool:
        at = QPointF(area.left() + (x + 0.5) * step, area.top() + (y + 0.5) * step)
        return QColor(page.pixel(round(at.x()), round(at.y()))).lightness() < 128

    return tuple(tuple(black(x, y) for x in range(count)) for y in range(count))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm to see a PDF's page")
@every_paper
def test_the_printed_code_is_the_code_square_by_square(
    name: str, prepared: QApplication, tmp_path: Path
) -> None:
    paper = PAPERS[name]()
    path = documents.write(paper, tmp_path)
    picture = tmp_path / "page"
    command = ["pdftoppm", "-r", "300", "-png", "-singlefile", "-f", "1", "-l", "1", str(path), str(picture)]
    subprocess.run(command, check=True, capture_output=True)
    page = QImage(str(picture.with_suffix(".png")))
    expected = code.modules(paper.head.qr_text)
    blank = QImage(page.width(), page.height(), QImage.Format.Format_RGB32)
    painter = QPainter(blank)
    scale = 300 / frame.UNIT
    corner = QPointF((frame.WIDTH - frame.RIGHT) * scale, frame.TOP * scale)
    area = code.paint(painter, paper.head.qr_text, corner, frame.CODE_SIDE * scale, 1.0)
    painter.end()
    assert read_modules(page, area, len(expected)) == expected


# --- files -----------------------------------------------------------------------------------------


@every_paper
def test_a_print_is_an_archival_pdf_with_embedded_fonts(
    name: str, prepared: QApplication, tmp_path: Path
) -> None:
    path = documents.write(PAPERS[name](), tmp_path / "prints")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-1.4")
    assert b'pdfaid:part="1" pdfaid:conformance="B"' in data
    assert b"/FontFile2" in data or b"/FontFile3" in data
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_each_revision_has_a_file_of_its_own_and_none_is_written_twice(
    prepared: QApplication, tmp_path: Path
) -> None:
    def made(revision: int) -> Path:
        data = papers.transcript(REFERENCE, regional(), revision)
        return documents.transcript(data, REFERENCE, WHERE, tmp_path)

    first = made(1)
    before = (first.read_bytes(), first.stat().st_mtime_ns)
    assert made(1) == first
    assert (first.read_bytes(), first.stat().st_mtime_ns) == before
    second = made(2)
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_names_tell_kind_contest_precinct_and_revision_or_time() -> None:
    key, other = regional().key, senate().key
    assert names.transcript(other, 1) == "opis-se1-550001-1-r1.pdf"
    assert names.confirmation(key, 2) == "potvrzeni-kz-550001-1-r2.pdf"
    assert names.refusal(key, papers.NIGHT) == "odmitnuti-kz-550001-1-20240921-160307.pdf"
    assert (
        names.error_report(key, papers.NIGHT, "ab" * 32) == "chyby-kz-550001-1-20240921-160307-abababab.pdf"
    )


def test_a_folder_that_cannot_be_written_is_a_known_trouble(prepared: QApplication, tmp_path: Path) -> None:
    occupied = tmp_path / "prints"
    occupied.write_text("a file where the folder should be")
    with pytest.raises(StationError) as caught:
        documents.write(PAPERS["transcript"](), occupied)
    assert caught.value.code == "DSK-01"
    assert "zápis sám zůstal uložený" in caught.value.cs


def test_a_part_taller_than_a_page_is_set_smaller_not_cut(prepared: QApplication, tmp_path: Path) -> None:
    paper = PAPERS["transcript"]()
    tall = replace(paper, parts=(*paper.parts, Part("<p>řádek</p>" * 300)))
    assert documents.write(tall, tmp_path).stat().st_size > 0
