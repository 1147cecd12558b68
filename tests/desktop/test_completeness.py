"""The supervisor's page by keyboard: found, sorted, narrowed, opened; what changes is all that is painted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app.desktop.overseeing.missing_pane import written
from app.desktop.overseeing.page import CompletenessPage
from app.desktop.overseeing.tables import Column, GroupColumn
from app.desktop.overseeing.tiles import HIGH, WIDE, laid_out
from app.desktop.printing import missing as missing_paper
from app.desktop.printing.pieces import Where
from app.election.model import Contest
from app.station.changes import Change
from app.station.errors import StationError
from app.station.overseeing.oversight import oversight
from app.station.point.elsewhere import Elsewhere
from app.station.states import State
from tests.desktop.conftest import Driver
from tests.support.invented_election import VOTING_ENDS
from tests.support.looks import without_name
from tests.support.point_host import PointHost, host
from tests.support.point_rows import CLERK, NOW, point, row

LARGE = (
    2,
    2,
    1,
    40,
    1,
    1,
    3,
    1,
    12,
    1,
    1,
    1,
    60,
    2,
    1,
    1,
    9,
    1,
    1,
    5,
    1,
    1,
    14,
    1,
    1,
    2,
    1,
    1,
    3,
    1,
    1,
    1,
    3,
)


@pytest.fixture
def made(prepared: QApplication, qtbot: QtBot) -> Iterator[tuple[CompletenessPage, PointHost]]:
    """177 precincts × 2, every kind of state among them."""
    kinds = [State.CONFIRMED, State.AWAITED, State.HELD, State.SENT, State.REFUSED, State.AWAITED]
    asked = host(point(LARGE, (kinds * 60)[:200]), NOW - timedelta(minutes=14))
    page = shown(qtbot, asked)
    yield page, asked
    page.close()


def shown(qtbot: QtBot, asked: PointHost) -> CompletenessPage:
    page = CompletenessPage(asked)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1366, 668)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.shown()
    return page


def cells(page: CompletenessPage, column: Column) -> list[str]:
    return [str(page.table.index(place, column).data()) for place in range(page.table.rowCount())]


def choose(qtbot: QtBot, combo: QComboBox, steps: int) -> None:
    combo.setFocus()
    for _ in range(steps):
        qtbot.keyClick(combo, Qt.Key.Key_Down)


Made = tuple[CompletenessPage, PointHost]


def test_every_expected_protocol_is_a_row_and_the_counts_agree(made: Made) -> None:
    page, _ = made
    assert page.table.rowCount() == 354
    found = page.oversight
    assert found is not None
    assert page.summary.text() == (
        f"Převzato {found.total.here} z 354 · potvrzeno {found.total.confirmed} · "
        f"chybí {found.total.missing} · řešit {found.total.attention}"
    )
    assert page.groups.contests_table.rowCount() == 3  # all, and each contest
    assert page.groups.table.rowCount() == len(LARGE)
    assert page.groups.table.index(0, GroupColumn.BAR).data() == "2 z 4"
    assert page.age.text() == "Stav ústředí z 16:46, starý 0:14"


def test_a_walk_by_keyboard_from_the_search_to_a_protocol(made: Made, qtbot: QtBot) -> None:
    page, asked = made
    page.search_here()
    assert page.filters.search.hasFocus()
    qtbot.keyClicks(page.filters.search, "rokle 1")
    assert set(cells(page, Column.MUNICIPALITY)) == {"Rokle", "Rokle 1", "Rokle 2"}
    choose(qtbot, page.filters.state, 1)  # missing
    assert page.table.rowCount() > 1
    assert set(cells(page, Column.STATE)) <= {"očekáván", "odmítnut"}
    page.filters.search.setFocus()
    qtbot.keyClick(page.filters.search, Qt.Key.Key_Return)
    assert page.view.hasFocus()
    key = page.table.row_at(0).row.key
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert asked.opened == [key]


@pytest.mark.parametrize("column", list(Column))
def test_any_column_is_sorted_by_keyboard_both_ways(made: Made, qtbot: QtBot, column: Column) -> None:
    page, _ = made
    choose(qtbot, page.filters.sort, column)
    table = page.table
    up = [table.sort_values(table.row_at(place))[column] for place in range(table.rowCount())]
    assert up == sorted(up)
    assert page.view.horizontalHeader().sortIndicatorSection() == column
    page.filters.turn.setFocus()
    qtbot.keyClick(page.filters.turn, Qt.Key.Key_Space)
    down = [table.sort_values(table.row_at(place))[column] for place in range(table.rowCount())]
    assert down == sorted(up, reverse=True)


def test_sorting_by_the_header_is_told_to_whoever_sorts_by_keyboard(made: Made) -> None:
    page, _ = made
    page.view.sortByColumn(Column.STATE, Qt.SortOrder.DescendingOrder)
    assert page.filters.sort.currentIndex() == Column.STATE
    assert "sestupně" in page.filters.turn.accessibleName()


def test_what_needs_people_soonest_sorts_first_by_state(made: Made, qtbot: QtBot) -> None:
    page, asked = made
    late = replace(
        asked.station.rows[100], state=State.REFUSED, deadline=NOW - timedelta(minutes=3), revision=0
    )
    asked.station.rows = (*asked.station.rows[:100], late, *asked.station.rows[101:])
    page.changed(Change(frozenset({late.key})))
    page.view.sortByColumn(Column.STATE, Qt.SortOrder.AscendingOrder)
    assert page.table.row_at(0).row.key == late.key
    assert (cells(page, Column.STATE)[0], cells(page, Column.DEADLINE)[0]) == ("lhůta uplynula", "−0:03")


def test_a_change_announces_its_row_and_nothing_else(made: Made) -> None:
    page, asked = made
    announced: list[tuple[int, int]] = []
    resets: list[None] = []
    page.table.dataChanged.connect(lambda first, last: announced.append((first.row(), last.row())))
    page.table.modelReset.connect(lambda: resets.append(None))
    page.groups.table.modelReset.connect(lambda: resets.append(None))
    before = asked.station.rows[210]
    after = replace(before, state=State.ACCEPTED, revision=1, since=NOW, arrived=NOW, clerk=CLERK)
    asked.station.rows = (*asked.station.rows[:210], after, *asked.station.rows[211:])
    page.changed(Change(frozenset({before.key})))
    place = page.table.place_of(before.key)
    assert announced == [(place, place)]
    assert resets == []


def test_a_second_that_changes_nothing_paints_nothing(made: Made) -> None:
    page, asked = made
    announced: list[None] = []
    page.table.dataChanged.connect(lambda *_: announced.append(None))
    asked.now = NOW + timedelta(seconds=1)
    page._tick()
    assert announced == []


def test_deadlines_run_down_without_anything_happening(prepared: QApplication, qtbot: QtBot) -> None:
    asked = host((row(state=State.REFUSED, deadline=NOW + timedelta(minutes=31)), row(number=2)))
    page = shown(qtbot, asked)
    assert (cells(page, Column.STATE)[0], cells(page, Column.DEADLINE)[0]) == ("odmítnut", "za 0:31")
    asked.now += timedelta(minutes=1)
    page._tick()
    assert cells(page, Column.STATE)[0] == "lhůta končí"
    asked.now += timedelta(minutes=30)
    page._tick()
    assert (cells(page, Column.STATE)[0], cells(page, Column.DEADLINE)[0]) == ("lhůta uplynula", "−0:00")


def test_enter_on_a_municipality_shows_it_in_the_table(made: Made, qtbot: QtBot) -> None:
    page, _ = made
    view = page.groups.municipalities
    view.setFocus()
    view.setCurrentIndex(page.groups.table.index(3, 0))
    name = page.groups.table.row_at(3).name
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert set(cells(page, Column.MUNICIPALITY)) == {name}
    assert page.view.hasFocus()


# --- the map -----------------------------------------------------------------------------------------


def test_arrow_keys_go_through_the_map_and_enter_opens(made: Made, qtbot: QtBot) -> None:
    page, asked = made
    page.tabs.setFocus()
    qtbot.keyClick(page.tabs, Qt.Key.Key_Right)
    assert page.tab == "tiles"
    tiles = page.map.tiles
    tiles.setFocus()
    first = tiles.accessibleName()
    assert "Cerhov, okrsek 1" in first
    qtbot.keyClick(tiles, Qt.Key.Key_Right)
    assert tiles.current == 1
    assert tiles.accessibleName() != first
    here = tiles.area(tiles.current)
    qtbot.keyClick(tiles, Qt.Key.Key_Down)
    assert tiles.area(tiles.current).top() > here.top()
    qtbot.keyClick(tiles, Qt.Key.Key_Up)
    assert tiles.area(tiles.current).top() == here.top()
    qtbot.keyClick(tiles, Qt.Key.Key_End)
    assert tiles.current == 353
    assert (
        page.map.viewport()
        .rect()
        .intersects(
            QRect(tiles.mapTo(page.map.viewport(), tiles.area(353).topLeft()), tiles.area(353).size())
        )
    )
    key = tiles.current_key
    qtbot.keyClick(tiles, Qt.Key.Key_Return)
    assert asked.opened == [key]


def test_the_map_shows_what_the_filter_lets_through(made: Made, qtbot: QtBot) -> None:
    page, _ = made
    page.turn("tiles")
    choose(qtbot, page.filters.contest, 1)
    assert {line.row.key.contest for line in page.map.tiles.lines} == {Contest.REGIONAL}
    assert len(page.map.tiles.lines) == page.table.rowCount() == 177


@pytest.mark.parametrize("width", [60, 200, 866, 1900])
def test_tiles_lie_apart_inside_the_page_under_their_names(width: int) -> None:
    lines = oversight(point((1, 60, 2, 7)), VOTING_ENDS, NOW).lines
    tiles, headings, high = laid_out(lines, width)
    assert len(tiles) == 140
    assert len(headings) == 4
    assert all(tile.right() < max(width, WIDE) and tile.bottom() < high for tile in tiles)
    assert all(not tile.intersects(heading.area) for tile in tiles for heading in headings)
    places = {(tile.left(), tile.top()) for tile in tiles}
    assert len(places) == 140
    assert all(
        not tile.intersects(QRect(x, y, WIDE, HIGH))
        for tile in tiles[:20]
        for x, y in places - {(tile.left(), tile.top())}
    )


# --- who is missing ----------------------------------------------------------------------------------


def test_the_missing_are_listed_with_contacts_and_saved(made: Made, tmp_path: Path) -> None:
    page, asked = made
    said: list[tuple[str, str]] = []
    asked.messages = type("Said", (), {"say": lambda _, kind, text: said.append((kind, text))})()
    page.turn("missing")
    found = page.oversight
    assert found is not None
    assert page.missing.table.rowCount() == len(found.missing) > 0
    assert page.missing.table.index(0, 5).data() == "Růžena Kůrková, 601 234 567"
    assert page.missing.no_contacts.isHidden()
    path = tmp_path / "chybí.csv"
    page.write_missing(path)
    read = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert len(read) == found.total.missing
    assert said == [("ok", f"Seznam chybějících okrsků je uložen: {path}")]


def test_an_election_without_contacts_says_so(prepared: QApplication, qtbot: QtBot) -> None:
    page = shown(qtbot, host((row(contact=""), row(number=2, contact=""))))
    page.turn("missing")
    assert not page.missing.no_contacts.isHidden()
    assert "Chybí 2 okrsky (zápisů: 2)" in page.missing.told.text()


def test_when_all_are_here_nobody_has_to_be_called(prepared: QApplication, qtbot: QtBot) -> None:
    page = shown(qtbot, host(point((3, 7), [State.CONFIRMED] * 20)))
    page.turn("missing")
    assert page.missing.told.text() == "Všechny zápisy jsou tady, nikomu není třeba volat."
    assert not page.missing.save_button.isEnabled()
    page.turn("arrivals")
    assert page.arrivals.end.text().startswith("Všechno je převzato")


# --- sizes and states --------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(), (1,), LARGE])
def test_a_point_of_any_size_opens_with_every_control_named(
    prepared: QApplication, qtbot: QtBot, sizes: tuple[int, ...]
) -> None:
    page = shown(qtbot, host(point(sizes)))
    assert page.table.rowCount() == 2 * sum(sizes)
    assert page.empty.isVisible() == (not sizes)
    for width in (886, 1366):
        page.resize(width, 420)
        QApplication.processEvents()
        assert page.tabs.isTabVisible(2) == (width < 1300)
        for place in range(page.tabs.count()):
            if page.tabs.isTabVisible(place):
                page.tabs.setCurrentIndex(place)
                QApplication.processEvents()
                assert without_name(page) == []


def test_the_section_is_turned_to_by_its_key_and_follows_what_the_desk_takes_in(driver: Driver) -> None:
    window = driver.window
    driver.qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.sections.page("completeness")
    assert isinstance(page, CompletenessPage)
    driver.wait(lambda: page.table.rowCount() == 7)
    driver.drop(driver.joint_file())
    driver.qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    driver.wait_page("verdict")
    driver.accept()
    driver.qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: "potvrzen" in cells(page, Column.STATE))
    confirmed = next(line.row for line in page.table.shown if line.row.state is State.CONFIRMED)
    assert (confirmed.clerk, confirmed.workstation) == ("Jana Nováková", "41-1")
    page.view.setCurrentIndex(page.table.index(page.table.place_of(confirmed.key) or 0, 0))
    page.view.setFocus()
    driver.press(Qt.Key.Key_Return, page.view)
    driver.wait(lambda: window.sections.current == "desk")


def test_the_list_of_the_missing_is_printed_with_its_mode_and_contacts(
    driver: Driver, tmp_path: Path
) -> None:
    window = driver.window
    driver.qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.sections.page("completeness")
    assert isinstance(page, CompletenessPage)
    driver.wait(lambda: page.table.rowCount() == 7)
    page.turn("missing")
    shown: list[Path] = []
    window.documents.open = shown.append  # type: ignore[method-assign]
    driver.qtbot.keyClick(page.missing.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: bool(shown))
    assert shown[0].name == "chybejici-okrsky-41-1-20240921-144000.pdf"
    assert shown[0].read_bytes().startswith(b"%PDF")
    found = page.oversight
    assert found is not None
    where, election = Where("Přebírací místo 41"), driver.reference.election
    paper = missing_paper.made(found.missing, election, where, "41-1", NOW, CLERK)
    told = " ".join(part.markup for part in paper.parts)
    assert all(word in told for word in ("ZKOUŠKA", "Horní Lhota", "Dolní Lhota", "zničte"))
    assert (paper.head.mode, paper.head.qr_text) == (election.mode, "")


def test_a_small_point_is_not_measured_by_large_ones(prepared: QApplication, qtbot: QtBot) -> None:
    page = shown(qtbot, host(point((1, 2), [State.CONFIRMED])))
    page.turn("arrivals")
    assert page.arrivals.end.text() == "Bez odhadu konce: na tak málo okrsků obvyklý průběh nemáme."
    assert page.arrivals.stand.text() == "Převzato 1 z 6 zápisů."
    assert page.arrivals.source.isHidden()
    assert "Převzato 1 z 6" in page.arrivals.plot.accessibleName()


def test_two_workstations_that_differ_come_before_everything_else(
    prepared: QApplication, qtbot: QtBot
) -> None:
    other = Elsewhere("41-2", 1, "0" * 64, True, NOW, NOW, 3)
    late = row(number=2, state=State.REFUSED, deadline=NOW)
    differing = replace(row(number=3, state=State.RETURNED), elsewhere=other)
    page = shown(qtbot, host((row(), late, differing)))
    page.view.sortByColumn(Column.STATE, Qt.SortOrder.AscendingOrder)
    assert cells(page, Column.STATE) == ["spor dvou stanic", "lhůta uplynula", "očekáván"]


def test_a_list_that_cannot_be_written_is_a_trouble_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StationError, match="DSK-04"):
        written(tmp_path / "nikde" / "list.csv", b"")
