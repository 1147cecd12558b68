"""Pictures of the pages of a visit at 1366×768, as those of the window: see test_pictures."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.desktop import theme
from app.desktop.printing import confirmation, frame
from app.desktop.printing.pieces import Where
from app.documents import protocol_file
from app.election.model import ProtocolKey, RegionalProtocol, RegionalReading
from app.election.verdict import FieldRef
from app.rehearsal import ballots, files
from app.station.figures import figures
from tests.desktop.test_pictures import SEED, Night, night, picture, pictures, save
from tests.support.paper_entry import BOTH, paper_of, type_twice
from tests.support.station_world import CLERK
from tests.support.typing_desk import press

__all__ = ["night", "pictures"]


def typed(night: Night, **wrong: int) -> dict[FieldRef, int]:
    offer = night.window.verdict.card.offer
    said = figures(offer.reading)
    fields = night.window.desk.station.retype.expected_fields(offer)
    return {field: wrong.get(field.name, said.get(field) or 0) for field in fields}


def fill(night: Night, values: dict[FieldRef, int]) -> None:
    page = night.window.visiting.retype
    for field, box in page.boxes.items():
        if not box.isReadOnly():
            box.setText(str(values[field]))


def visit(night: Night, shots: Path, dark: str = "") -> None:
    window, flow = night.window, night.window.visiting
    window.desk.station.retype.required = True
    every = [one.first for one in files.visits(night.stick)]
    night.qtbot.waitUntil(flow.strip.isVisible)
    picture(night, shots / f"stick{dark}.png")
    window.overview.search.setText("1")
    window.desk.choose(next(iter(window.desk.station.expected)).precinct)
    night.qtbot.waitUntil(lambda: window.page == "precinct")
    picture(night, shots / f"precinct{dark}.png")
    window.overview.search.clear()

    night.open(every[1])
    picture(night, shots / f"before_paper{dark}.png")
    window.verdict.buttons["retype"].click()
    values = typed(night, VYD_OBALKY=7)
    fill(night, values)
    picture(night, shots / f"retype{dark}.png")
    flow.retype.signatures.choices[next(iter(flow.retype.signatures.choices))].setChecked(True)
    flow.retype.done_button.click()
    night.qtbot.waitUntil(lambda: flow.retype.asking_again)
    picture(night, shots / f"retype_again{dark}.png")
    fill(night, values)
    flow.retype.done_button.click()
    night.qtbot.waitUntil(lambda: window.page == "settlement")
    picture(night, shots / f"settlement{dark}.png")
    flow.settlement.left.emit()

    window.verdict.leave_button.click()
    blocked, reading = night.spoilt(every[2], valid_votes=10)
    night.open(blocked)
    picture(night, shots / f"verdict{dark}.png")
    window.verdict.buttons["mend"].click()
    flow.mending.view.mend_model.type(flow.mending.view.currentIndex(), "9")
    picture(night, shots / f"mending{dark}.png")
    flow.mending.left.emit()
    window.verdict.buttons["refuse"].click()
    assert flow.dialog is not None
    night.qtbot.wait(50)
    flow.dialog.grab().save(str(shots / f"refuse{dark}.png"))
    flow.dialog.reject()
    night.act("refuse", "Součet hlasů nesouhlasí, komise přepočítá.")
    window.verdict.leave_button.click()
    night.clock.advance(95 * 60)
    night.qtbot.waitUntil(lambda: any((row.minutes_left or 99) < 30 for row in window.overview.table.rows))

    window.desk.station.retype.required = False
    night.take_in(every[4])
    read = protocol_file.read(every[4].read_bytes())
    first = read.readings[0]
    assert isinstance(first, RegionalReading)
    counts = first.counts._replace(registered_voters=(first.counts.registered_voters or 0) + 3)
    other = night.stick / "jiny.xml"
    assert read.mode is not None
    other.write_bytes(protocol_file.write([replace(first, counts=counts)], read.election, read.mode))
    night.open(other)
    window.overview.select(reading.key)
    picture(night, shots / f"side_by_side{dark}.png")


def test_pictures_of_typing_and_of_what_two_readings_differ_in(night: Night, pictures: Path) -> None:
    window, flow, station = night.window, night.window.entry, night.window.desk.station
    keys = [key for key in night.reference.expected if not key.contest.is_senate]
    counted = _counted(night, keys[3])
    flow.open(keys[3])
    night.qtbot.waitUntil(lambda: window.page == "entry")
    sheet = max(counted.sheets, key=lambda one: len(one.preferences))
    press("".join(f"{value}\n" for value in counted.counts))
    press(f"/{sheet.list_number:02}{sheet.votes}\n")
    press("".join(f"*{number:02}{votes}\n" for number, votes in sheet.preferences))
    night.qtbot.waitUntil(lambda: not window.desk.entry.is_saving)
    picture(night, pictures / "entry.png")
    flow.page.left.emit()

    paper = paper_of(station, _counted(night, keys[4]))
    field = FieldRef("POC_HLASU", min(field.list_number for field in paper if field.list_number))
    type_twice(station, keys[4], paper, {**paper, field: (paper[field] or 0) + 9}, BOTH)
    flow.open(keys[4])
    night.qtbot.waitUntil(lambda: window.page == "settle")
    picture(night, pictures / "second.png")


def _counted(night: Night, key: ProtocolKey) -> RegionalProtocol:
    found = ballots.write(night.reference, night.reference.precincts[key.precinct], key.contest, SEED).truth
    assert isinstance(found, RegionalProtocol)
    return found


def test_picture_of_the_confirmation(night: Night, pictures: Path) -> None:
    every = [one.first for one in files.visits(night.stick)]
    assert any(night.take_in(path) for path in every[:3])
    night.qtbot.waitUntil(lambda: night.window.result.banner.title == "Potvrzeno ústředím")
    station = night.window.desk.station
    key = next(row.key for row in station.completeness().rows if row.state == "confirmed")
    data = station.prints.confirmation_data(key, CLERK)
    page = QImage(round(frame.WIDTH), round(frame.HEIGHT), QImage.Format.Format_RGB32)
    page.setDotsPerMeterX(3780)
    page.setDotsPerMeterY(3780)
    page.fill(Qt.GlobalColor.white)
    frame.paint(confirmation.made(data, night.reference, Where("Přebírací místo Zlín · stanice 101-1")), page)
    save(page, pictures / "confirmation.png")


def test_pictures_of_a_visit(night: Night, pictures: Path) -> None:
    visit(night, pictures)


@pytest.mark.slow
def test_pictures_of_a_visit_in_the_dark(
    night: Night, prepared: QApplication, tmp_path: Path, pictures: Path, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme.apply(prepared, False))
    night.window.change_scheme(Qt.ColorScheme.Dark)
    visit(night, pictures, "_dark")
