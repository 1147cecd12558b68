"""Pictures of the pages of a visit at 1366×768, as those of the window: see test_pictures."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desktop import theme
from app.documents import protocol_file
from app.election.model import RegionalReading
from app.election.verdict import FieldRef
from app.rehearsal import files
from app.station.figures import figures
from tests.desktop.test_pictures import Night, night, picture, pictures

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


def test_pictures_of_a_visit(night: Night, pictures: Path) -> None:
    visit(night, pictures)


@pytest.mark.slow
def test_pictures_of_a_visit_in_the_dark(
    night: Night, prepared: QApplication, tmp_path: Path, pictures: Path, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme.apply(prepared, False))
    night.window.change_scheme(Qt.ColorScheme.Dark)
    visit(night, pictures, "_dark")
