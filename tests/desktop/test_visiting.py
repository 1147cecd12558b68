"""A commission's visit by keyboard alone: stick, scanner, totals from paper, settling, mending, refusing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop import application
from app.desktop.visiting.finding import find, identifier
from app.desktop.visiting.media_files import sightings
from app.desktop.visiting.refusing import deadlines
from app.desktop.visiting.watching import Looker
from app.election.model import PrecinctId, ProtocolKey, RegionalReading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.config import RetypeRule
from app.station.figures import figures
from tests.desktop.conftest import CLERK, Driver
from tests.desktop.test_accepting import blocked
from tests.desktop.test_looks import without_name
from tests.support import station_world
from tests.support.invented_election import stated
from tests.support.station_world import Clock, FakeCentre, protocols

LONE = (550002, 1)  # regional protocol only


class Visitor(Driver):
    """Hands on the pages of a visit."""

    @property
    def lone(self) -> ProtocolKey:
        return self.keys_of(*LONE)[0]

    def digits(self, text: str) -> None:
        for letter in text:
            self.press(getattr(Qt.Key, f"Key_{letter}"))

    def paper(self, **wrong: int) -> dict[FieldRef, int]:
        """What the signed paper of the shown card says; `wrong` by column."""
        offer = self.window.verdict.card.offer
        stated_ = figures(offer.reading)
        fields = self.station.retype.expected_fields(offer)
        return {field: wrong.get(field.name, stated_.get(field) or 0) for field in fields}

    def type_totals(self, values: dict[FieldRef, int], sign: str = "1") -> None:
        """All blanks of the page with the number pad only, then the signatures."""
        page = self.window.visiting.retype
        for field, box in page.boxes.items():
            if not box.isReadOnly():
                assert box.hasFocus(), field
                self.digits(str(values[field]))
                self.press(Qt.Key.Key_Enter)
        if sign:
            self.digits(sign)
            self.press(Qt.Key.Key_Enter)

    def bring(self, *readings: Any, name: str = "zapis.xml") -> None:
        self.drop(self.file(*readings, name=name))
        self.wait_page("verdict")

    def retype(self, **wrong: int) -> None:
        values = self.paper(**wrong)
        self.press(Qt.Key.Key_F9)
        self.wait_page("retype")
        self.type_totals(values)


@pytest.fixture
def visitor(prepared: QApplication, qtbot: QtBot, tmp_path: Path, reference: Reference) -> Iterator[Visitor]:
    """A desk at which the totals are typed from the paper."""
    folder = station_world.make_station(tmp_path, reference, retype=RetypeRule.ALWAYS)
    stick, clock = tmp_path / "stick", Clock()
    stick.mkdir()
    centre = FakeCentre(reference, clock)
    desk = application.open_desk(folder, CLERK, stick, clock, centre)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    yield Visitor(
        desk.window, qtbot, folder, stick, centre, clock, reference, station_world.readings(reference)
    )
    desk.close()


# --- the paper ---------------------------------------------------------------------------------------


def test_a_file_is_accepted_after_its_totals_are_typed_from_the_paper(visitor: Visitor) -> None:
    visitor.bring(visitor.readings[visitor.lone])
    page = visitor.window.verdict
    assert page.buttons["retype"].isVisible()
    assert not page.buttons["accept"].isVisible()
    visitor.retype()
    visitor.wait_page("verdict")
    assert page.card.offer.verdict.result("KC-05").outcome == "PASSED"
    visitor.press(Qt.Key.Key_F9)
    visitor.wait(lambda: visitor.shown_state(visitor.lone) == "confirmed")


def test_the_page_for_totals_shows_no_figure_of_the_file(visitor: Visitor) -> None:
    visitor.bring(visitor.readings[visitor.lone])
    visitor.press(Qt.Key.Key_F9)
    visitor.wait_page("retype")
    page = visitor.window.visiting.retype
    assert all(box.text() == "" for box in page.boxes.values())
    assert without_name(page) == []
    boxes = list(page.boxes.values())
    assert [box.mapTo(page, box.rect().topLeft()).y() for box in boxes] == sorted(
        box.mapTo(page, box.rect().topLeft()).y() for box in boxes
    )
    for before, after in pairwise(boxes):
        visitor.press(Qt.Key.Key_Tab, before)
        assert after.hasFocus()


def test_a_slip_of_the_hand_is_asked_once_more_and_only_there(visitor: Visitor) -> None:
    visitor.bring(visitor.readings[visitor.lone])
    values = visitor.paper()
    visitor.retype(VYD_OBALKY=1)
    page = visitor.window.visiting.retype
    visitor.wait(lambda: page.asking_again)
    asked = [field.name for field, box in page.boxes.items() if not box.isReadOnly()]
    assert asked == ["VYD_OBALKY"]
    assert page.boxes[FieldRef("VYD_OBALKY")].text() == ""
    visitor.type_totals(values, sign="")
    visitor.wait_page("verdict")
    assert visitor.window.verdict.buttons["accept"].isEnabled()


def mismatch(visitor: Visitor) -> None:
    visitor.bring(visitor.readings[visitor.lone])
    visitor.retype(VYD_OBALKY=7)
    visitor.wait(lambda: visitor.window.visiting.retype.asking_again)
    visitor.type_totals({FieldRef("VYD_OBALKY"): 7}, sign="")
    visitor.wait_page("settlement")


def test_a_mismatch_that_the_paper_does_not_bear_out_is_settled_with_a_reason(visitor: Visitor) -> None:
    mismatch(visitor)
    page = visitor.window.visiting.settlement
    (left, right), *_ = page.sides
    assert left.text() == "7"
    assert without_name(page) == []
    visitor.digits("2")
    assert right.isChecked()
    visitor.press(Qt.Key.Key_Enter)
    visitor.type(page.reason, "Sedmička byla jednička, komise to potvrdila.")
    visitor.press(Qt.Key.Key_F9)
    visitor.wait_page("verdict")
    assert not visitor.window.verdict.card.differing
    visitor.press(Qt.Key.Key_F9)
    visitor.wait(lambda: visitor.shown_state(visitor.lone) == "confirmed")


def test_a_mismatch_that_the_paper_bears_out_can_only_be_mended_or_refused(visitor: Visitor) -> None:
    mismatch(visitor)
    visitor.digits("1")
    visitor.press(Qt.Key.Key_Enter)
    visitor.type(visitor.window.visiting.settlement.reason, "Na papíru je sedm.")
    visitor.press(Qt.Key.Key_F9)
    visitor.wait_page("verdict")
    page = visitor.window.verdict
    assert not page.buttons["accept"].isVisible()
    assert page.buttons["mend"].isEnabled()
    assert page.buttons["refuse"].isEnabled()


def test_a_mismatch_is_refused_from_where_both_sides_are_shown(visitor: Visitor) -> None:
    mismatch(visitor)
    visitor.press(Qt.Key.Key_F8)
    dialog = visitor.dialog()
    assert "neodpovídá podepsanému papíru" in dialog.reason.toPlainText()
    assert without_name(dialog) == []
    visitor.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    visitor.wait(lambda: visitor.shown_state(visitor.lone) == "refused")


def test_the_verdict_tells_both_figures_only_after_they_were_settled(visitor: Visitor) -> None:
    mismatch(visitor)

    def told() -> list[str]:
        rows = visitor.window.verdict.rules.rules.entries
        return [f"{row.text} {row.numbers}".strip() for row in rows if row.rule_id == "KC-05"]

    visitor.press(Qt.Key.Key_F8)
    visitor.press(Qt.Key.Key_Escape, visitor.dialog())
    visitor.wait(lambda: visitor.window.visiting.dialog is None)
    (sentence,) = told()
    assert "liší" in sentence
    assert not any(letter.isdigit() for letter in sentence)
    visitor.activate()
    visitor.press(Qt.Key.Key_F9)
    visitor.wait_page("retype")
    visitor.type_totals(visitor.paper(VYD_OBALKY=7))
    visitor.wait(lambda: visitor.window.visiting.retype.asking_again)
    visitor.type_totals({FieldRef("VYD_OBALKY"): 7}, sign="")
    visitor.wait_page("settlement")
    visitor.digits("1")
    visitor.press(Qt.Key.Key_Enter)
    visitor.type(visitor.window.visiting.settlement.reason, "Na papíru je sedm.")
    visitor.press(Qt.Key.Key_F9)
    visitor.wait_page("verdict")
    visitor.wait(lambda: "bylo opsáno 7" in told()[0])


# --- mending, refusing, holding ------------------------------------------------------------------------


def test_a_protocol_is_mended_on_the_spot_only_with_the_tick_and_carries_the_flag(visitor: Visitor) -> None:
    reading = visitor.readings[visitor.lone]
    assert isinstance(reading, RegionalReading)
    valid = reading.counts.valid_votes or 0
    wrong = stated(visitor.reference, protocols(visitor.reference)[visitor.lone])
    wrong = replace(wrong, counts=wrong.counts._replace(valid_votes=valid - 1))
    visitor.bring(wrong)
    visitor.press(Qt.Key.Key_F3)
    visitor.wait_page("mending")
    page = visitor.window.visiting.mending
    assert page.view.hasFocus()
    assert page.view.mend_model.line_at(page.view.currentIndex()).field.name == "PL_HL_CELK"
    visitor.digits(str(valid))
    visitor.press(Qt.Key.Key_Tab)
    assert not page.mend_button.isEnabled()
    visitor.press(Qt.Key.Key_Space, page.authorised)
    visitor.press(Qt.Key.Key_Tab, page.authorised)
    visitor.type(page.reason, "Komise se přepsala o jeden hlas.")
    visitor.press(Qt.Key.Key_F9)
    visitor.wait_page("verdict")
    assert visitor.window.verdict.card.offer.reading.corrected == 1
    visitor.retype()
    visitor.wait_page("verdict")
    visitor.press(Qt.Key.Key_F9)
    visitor.wait(lambda: visitor.shown_state(visitor.lone) == "confirmed")
    current = visitor.station.intake.current(visitor.lone)
    assert current is not None
    assert current[1].corrected


def test_a_refusal_has_a_deadline_that_counts_down_and_warns_at_thirty_minutes(driver: Driver) -> None:
    reading = blocked(driver)
    driver.drop(driver.file(reading))
    driver.wait_page("verdict")
    driver.press(Qt.Key.Key_F8)
    dialog = driver.dialog()
    assert dialog.deadline.currentData() == driver.clock() + timedelta(hours=2)
    driver.say("Nesouhlasí součet.")
    driver.wait(lambda: driver.shown_state(reading.key) == "refused")

    def cell(column: int) -> str:
        table = driver.window.overview.table
        return str(table.data(table.index(table.place_of(reading.key), column)))

    assert (cell(3), cell(4)) == ("odmítnut", "za 2:00")
    driver.clock.advance(91 * 60)
    driver.wait(lambda: cell(4) == "za 0:29")
    assert cell(3) == "lhůta končí"
    driver.clock.advance(30 * 60)
    driver.wait(lambda: cell(3) == "lhůta uplynula")


def test_deadlines_end_with_the_twenty_four_hours(reference: Reference) -> None:
    ends = reference.election.calendar.delivery_ends
    offered = deadlines(ends - timedelta(minutes=50), ends, 120)
    assert offered == (ends - timedelta(minutes=20), ends)
    assert deadlines(ends, ends, 120) == (None,)


def test_missing_signatures_are_held_for_the_supervisor_and_approved(driver: Driver) -> None:
    key = driver.keys_of(*LONE)[0]
    driver.drop(driver.file(driver.readings[key]))
    driver.wait_page("verdict")
    driver.accept(Qt.Key.Key_3)
    driver.wait(driver.window.verdict.buttons["hold"].isVisible)
    assert "FM-05" in driver.window.verdict.card.offer.verdict.failed_ids
    driver.press(Qt.Key.Key_F7)
    driver.say("Jeden člen odešel, příloha chybí.")
    driver.wait(lambda: driver.shown_state(key) == "held")
    driver.window.open_protocol(key)
    driver.wait(lambda: driver.window.page == "verdict" and driver.window.verdict.card.held is not None)
    driver.press(Qt.Key.Key_F6)
    driver.say("Schvaluji.", name="Věra Šťastná")
    driver.wait(lambda: driver.shown_state(key) == "confirmed")


def test_a_missing_second_protocol_is_a_warning_until_it_comes(driver: Driver) -> None:
    regional, senate = driver.keys_of(550001, 1)
    driver.drop(driver.file(driver.readings[regional]))
    driver.wait_page("verdict")
    tabs = driver.window.verdict.tabs
    assert "chybí" in tabs.tabText(1)
    assert "ID-05" in driver.window.verdict.card.offer.verdict.failed_ids
    driver.drop(driver.file(driver.readings[senate], name="senat.xml"))
    driver.wait(lambda: len(driver.window.verdict.cards) == 2)
    assert all(card.offer.can_accept for card in driver.window.verdict.cards)


# --- what was accepted before ----------------------------------------------------------------------------


def accepted(driver: Driver) -> ProtocolKey:
    key = driver.keys_of(*LONE)[0]
    driver.drop(driver.file(driver.readings[key]))
    driver.wait_page("verdict")
    driver.accept()
    driver.wait(lambda: driver.shown_state(key) == "confirmed")
    return key


def test_the_same_file_again_opens_the_accepted_protocol(driver: Driver) -> None:
    key = accepted(driver)
    driver.drop(driver.file(driver.readings[key]))
    driver.wait_page("protocol")
    assert "už byl převzat" in driver.messages()[0]


def test_another_file_stands_side_by_side_with_what_is_accepted(driver: Driver) -> None:
    key = accepted(driver)
    right = protocols(driver.reference)[key]
    counts = right.counts._replace(registered_voters=right.counts.registered_voters + 1)
    other = stated(driver.reference, replace(right, counts=counts))
    driver.drop(driver.file(other, name="jiny.xml"))
    driver.wait_page("verdict")
    compare = driver.window.verdict.compare
    assert compare.isVisible()
    shown = [pair for pair in compare.pair_model.shown if pair.field]
    assert shown
    assert all(pair.changed for pair in shown)
    row = compare.pair_model.shown.index(shown[0])
    assert compare.pair_model.index(row, 4).data() == "změněno"
    driver.press(Qt.Key.Key_Space, compare.all)
    assert any(not pair.changed for pair in compare.pair_model.shown if pair.field)


# --- precinct and medium -------------------------------------------------------------------------------


def test_a_scanned_code_opens_the_precinct_and_its_enter_presses_nothing(driver: Driver) -> None:
    driver.window.overview.view.setFocus()
    for key in "55000100002":
        driver.press(getattr(Qt.Key, f"Key_{key}"))
    driver.press(Qt.Key.Key_Return)
    driver.wait_page("precinct")
    page = driver.window.visiting.precinct
    assert page.precinct == PrecinctId(550001, 2)
    assert without_name(page) == []
    assert len(page.buttons) == 2


def test_digits_in_a_field_are_no_scan(driver: Driver) -> None:
    driver.window.overview.search.setFocus()
    for key in "55000100002":
        driver.press(getattr(Qt.Key, f"Key_{key}"))
    driver.qtbot.wait(50)
    assert driver.window.page == "welcome"


def test_a_name_without_diacritics_and_a_number_find_the_precinct(driver: Driver) -> None:
    search = driver.window.overview.search
    search.setFocus()
    driver.type(search, "horni 550001/2")
    driver.press(Qt.Key.Key_Return, search)
    driver.wait_page("precinct")
    assert driver.window.visiting.precinct.precinct == PrecinctId(550001, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("550001/3", [(550001, 3)]),
        ("55000100003", [(550001, 3)]),
        ("lhota 1", [(550002, 1), (550001, 1)]),
        ("DOLNÍ, okrsek 1", [(550002, 1)]),
        ("999999/1", []),
        ("", []),
    ],
)
def test_precincts_are_found_as_people_write_them(
    reference: Reference, text: str, found: list[tuple[int, int]]
) -> None:
    point = reference.municipalities[550001].transfer_point
    assert [precinct.id for precinct in find(text, reference, point)] == found


def test_only_whole_codes_name_a_precinct() -> None:
    assert identifier("550001 / 12") == (550001, 12)
    assert identifier("12") is None


def test_a_stick_is_noticed_and_enter_takes_its_protocol(visitor: Visitor) -> None:
    folder = visitor.stick / "OVK"
    folder.mkdir()
    (folder / "fotky.xml").write_text("<x/>")
    (folder / "zapis.xml").write_bytes(station_world.file_of(visitor.readings[visitor.lone]))
    strip = visitor.window.visiting.strip
    visitor.wait(strip.isVisible)
    assert "okrsek 1, Dolní Lhota" in strip.sentence.text()
    visitor.wait(strip.button.hasFocus)
    visitor.press(Qt.Key.Key_Return)
    visitor.wait_page("verdict")
    assert not strip.isVisible()


def test_several_protocols_on_a_stick_make_a_small_list(driver: Driver) -> None:
    driver.file(driver.readings[driver.keys_of(*LONE)[0]], name="a.xml")
    driver.joint_file(2, name="b.xml")
    strip = driver.window.visiting.strip
    driver.wait(lambda: strip.isVisible() and strip.files.count() == 2)
    driver.wait(strip.files.hasFocus)
    driver.press(Qt.Key.Key_Down)
    driver.press(Qt.Key.Key_Return)
    driver.wait_page("verdict")
    assert len(driver.window.verdict.cards) in (1, 2)


def test_a_stick_pulled_while_it_is_read_is_told_in_one_sentence(driver: Driver) -> None:
    path = driver.file(driver.readings[driver.keys_of(*LONE)[0]])
    driver.wait(driver.window.visiting.strip.isVisible)
    path.unlink()
    driver.window.open_files([path])
    driver.wait(lambda: len(driver.messages()) == 1)
    assert "už na svém místě není" in driver.messages()[0]
    driver.wait(lambda: not driver.window.visiting.strip.isVisible())


def test_a_medium_is_searched_two_folders_deep_and_only_for_protocols(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "a" / "b", deep):
        (folder / "z.XML").write_text("<z/>")
    (tmp_path / "z.pdf").write_text("x")
    (tmp_path / ".skryty.xml").write_text("x")
    (tmp_path / "prazdny.xml").touch()
    assert [one.path for one in sightings(tmp_path)] == [
        tmp_path / "a" / "b" / "z.XML",
        tmp_path / "z.XML",
    ]


def test_a_medium_that_vanished_is_told_once(tmp_path: Path) -> None:
    media = [tmp_path]
    looker = Looker(lambda: media, lambda path: ())
    assert looker.look().gone == ()
    media.clear()
    assert looker.look().gone == (tmp_path,)
    assert looker.look().gone == ()
