"""The list of the point's protocols: the smallest change signals, search, filter, Czech order."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.overview import Overview
from app.desktop.precinct_table import Column, PrecinctTable, Row
from app.desktop.row_table import KEY_ROLE
from app.desktop.states import STATES
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station.states import State

NAMES = ("Zlín", "Žďár", "Čejkov", "Cerhov", "Chrast", "Hrádek", "Ústí", "Uhřice", "Řepy", "Rokle")


def rows(names: tuple[str, ...] = NAMES, precincts: int = 2) -> list[Row]:
    made = []
    for code, name in enumerate(names, 500001):
        for number in range(1, precincts + 1):
            for contest in (Contest.REGIONAL, Contest.SENATE_ROUND_1):
                made.append(Row(ProtocolKey(PrecinctId(code, number), contest), name, "awaited"))
    return made


@pytest.fixture
def table(prepared: QApplication, qtmodeltester: ModelTester) -> PrecinctTable:
    model = PrecinctTable()
    model.set_rows(rows())
    qtmodeltester.check(model)
    return model


def shown(model: PrecinctTable, column: Column) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_only_changed_rows_are_announced_and_neighbours_together(prepared: QApplication) -> None:
    names = ("Cerhov", "Čejkov", "Hrádek")
    table = PrecinctTable()
    table.set_rows(rows(names))
    announced: list[tuple[int, int]] = []
    resets: list[None] = []
    table.dataChanged.connect(lambda first, last: announced.append((first.row(), last.row())))
    table.modelReset.connect(lambda: resets.append(None))
    changed = rows(names)
    for index in (3, 4, 9):
        changed[index] = replace(changed[index], state="accepted", revision=1)
    table.set_rows(changed)
    assert announced == [(3, 4), (9, 9)]
    table.set_rows(changed)
    assert announced == [(3, 4), (9, 9)]
    assert resets == []


def test_a_change_of_the_sorted_column_moves_the_row_and_its_selection(table: PrecinctTable) -> None:
    table.sort(Column.STATE, Qt.SortOrder.AscendingOrder)
    kept = QPersistentModelIndex(table.index(7, 0))
    key = kept.data(KEY_ROLE)
    changed = [replace(row, state="returned") if row.key == key else row for row in rows()]
    table.set_rows(changed)
    assert (kept.row(), kept.data(KEY_ROLE)) == (0, key)


def test_another_set_of_protocols_is_a_new_table(table: PrecinctTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.modelReset):
        table.set_rows(rows()[:-1])


def test_municipalities_stand_in_czech_order(table: PrecinctTable) -> None:
    model = table
    model.sort(Column.MUNICIPALITY, Qt.SortOrder.AscendingOrder)
    expected = ["Cerhov", "Čejkov", "Hrádek", "Chrast", "Rokle", "Řepy", "Uhřice", "Ústí", "Zlín", "Žďár"]
    assert list(dict.fromkeys(shown(model, Column.MUNICIPALITY))) == expected


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("zdar", 4),
        ("ŽĎÁR", 4),
        ("repy 2", 2),
        ("2", 20),
        ("ch", 4),
        ("usti  1", 2),
        ("nikde", 0),
        ("", 40),
    ],
)
def test_search_takes_names_without_diacritics_and_numbers(
    table: PrecinctTable, search: str, found: int
) -> None:
    model = table
    model.narrow(search, frozenset())
    assert model.rowCount() == found


def test_the_filter_by_state_follows_changes(table: PrecinctTable) -> None:
    model = table
    model.narrow("", frozenset({State.HELD}))
    assert model.rowCount() == 0
    changed = rows()
    changed[5] = replace(changed[5], state="held")
    table.set_rows(changed)
    assert shown(model, Column.STATE) == ["čeká na schválení"]


def test_numbers_sort_as_numbers(prepared: QApplication) -> None:
    table = PrecinctTable()
    table.set_rows(rows(("Zlín",), precincts=12))
    model = table
    model.sort(Column.PRECINCT, Qt.SortOrder.AscendingOrder)
    assert shown(model, Column.PRECINCT) == [str(n) for n in range(1, 13) for _ in range(2)]


def test_every_state_of_the_station_has_its_looks() -> None:
    assert set(STATES) == {state.value for state in State}


def test_progress_counts_accepted_and_confirmed(prepared: QApplication, qtbot: QtBot) -> None:
    overview = Overview()
    qtbot.addWidget(overview)
    some = rows()
    some[0] = replace(some[0], state="confirmed", revision=1)
    some[1] = replace(some[1], state="sent", revision=1)
    some[2] = replace(some[2], state="refused")
    overview.set_rows(some)
    assert overview.accepted_words.text() == "Převzato 2 z 40"
    assert overview.confirmed_words.text() == "Potvrzeno 1 z 40"


def test_a_search_without_a_hit_says_so(prepared: QApplication, qtbot: QtBot) -> None:
    overview = Overview()
    qtbot.addWidget(overview)
    overview.set_rows(rows())
    overview.show()
    overview.search.setText("nikde")
    assert overview.empty.isVisible()
    assert not overview.view.isVisible()


def test_a_row_that_a_filter_lets_go_is_taken_out_by_itself_and_the_selection_stays(
    table: PrecinctTable,
) -> None:
    """No reset: the list would forget its place and paint everything."""
    resets: list[None] = []
    table.modelReset.connect(lambda: resets.append(None))
    waiting = frozenset({State.AWAITED})
    table.narrow("", waiting)
    kept = QPersistentModelIndex(table.index(20, 0))
    key = kept.data(KEY_ROLE)
    changed = [
        replace(row, state="sent", revision=1) if i in (3, 4, 9) else row for i, row in enumerate(rows())
    ]
    gone = {row.key for row in changed if row.state == "sent"} - {key}
    table.set_rows(changed)
    assert table.rowCount() == 37
    assert (kept.isValid(), kept.data(KEY_ROLE)) == (True, key)
    table.set_rows(rows())
    assert table.rowCount() == 40
    assert {row.key for row in table.shown} >= gone
    assert kept.data(KEY_ROLE) == key
    assert resets == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_narrowed_and_changed_the_table_shows_what_a_new_one_would(
    prepared: QApplication, data: st.DataObject
) -> None:
    table = PrecinctTable()
    some = rows(("Zlín", "Žďár", "Čejkov"))
    table.set_rows(some)
    for _ in range(data.draw(st.integers(1, 4))):
        states = data.draw(st.lists(st.sampled_from(("awaited", "held", "sent")), min_size=12, max_size=12))
        some = [replace(row, state=state) for row, state in zip(some, states, strict=True)]
        search, wanted = (
            data.draw(st.sampled_from(("", "z", "1"))),
            data.draw(st.sets(st.sampled_from(State))),
        )
        column = data.draw(st.sampled_from(Column))
        order = data.draw(st.sampled_from(Qt.SortOrder))
        fresh = PrecinctTable()
        for one in (table, fresh):
            one.sort(column, order)
            one.narrow(search, frozenset(wanted))
            one.set_rows(some)
        assert table.shown == fresh.shown
        assert [table.index(i, 3).data() for i in range(table.rowCount())] == shown(fresh, Column.STATE)
